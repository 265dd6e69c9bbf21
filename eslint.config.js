// The one formatter and linter: `npm run lint`, `npm run lint -- --fix`.
// Each choice carries its reason; what has none is the tool's recommended set.
import stylistic from '@stylistic/eslint-plugin'
import markdown from '@eslint/markdown'
import tseslint from 'typescript-eslint'

const CODE = ['**/*.ts', '**/*.js', '**/*.mjs']

export default [
  { ignores: ['node_modules/', 'site/dist/', '.cache/', 'workspace/', 'tests/fixtures/'] },

  ...tseslint.configs.recommended.map(config => ({ ...config, files: CODE })),
  { files: CODE, ...stylistic.configs.customize({ semi: false, braceStyle: '1tbs' }) },
  {
    files: CODE,
    rules: {
      // Arrow functions with one parameter read like the mathematics they are.
      '@stylistic/arrow-parens': ['error', 'as-needed'],
      '@stylistic/quote-props': ['error', 'as-needed'],
      '@stylistic/max-statements-per-line': ['error', { max: 2 }],
      '@stylistic/operator-linebreak': ['error', 'before'],
      '@stylistic/multiline-ternary': 'off',
      '@stylistic/indent-binary-ops': 'off',
      // Code stays readable beside a page and in a split terminal.
      '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
      // A module holds one idea: 50 to 150 lines, none above 400.
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A control character is what half of this project is about.
      'no-control-regex': 'off',
    },
  },
  {
    // What a reader types stands in a narrow column on the page and on a phone.
    files: ['code/**/*.ts'],
    rules: {
      '@stylistic/max-len': ['error', { code: 80 }],
      'max-lines': ['error', { max: 150 }],
    },
  },

  // `lessons/` says it, `code/` is it, `tests/lessons/` proves it; `scripts/` is the machine, and knows no lesson.
  {
    files: ['scripts/workbook/**', 'site/**'],
    ignores: ['**/*.css'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{
        regex: '(^|/)(tests|code|lessons)/', message: 'The machine is handed what the lessons promise: see scripts/check.ts.',
      }] }],
    },
  },
  {
    files: ['scripts/**/*.{ts,mjs}', 'site/**/*.{ts,mjs}'],
    rules: {
      'no-restricted-syntax': ['error', {
        // 0 and 1 are also counts, and the first of anything.
        selector: 'BinaryExpression[operator=/^([<>]=?|[!=]==?)$/]'
          + ':matches([left.property.name="number"], [left.name="lesson"], [left.property.name="lesson"])[right.value>=2]',
        message: 'What differs from lesson to lesson is a fact of its room: tests/lessons/NN-slug/lesson.ts.',
      }],
    },
  },

  ...markdown.configs.recommended.map(config => ({
    ...config,
    files: ['lessons/**/*.md', '*.md'],
    languageOptions: { frontmatter: 'yaml' },
    rules: {
      ...config.rules,
      // `::: try` boxes and `[ ]` in prose are ours; the workbook's own checks know them.
      'markdown/no-missing-label-refs': 'off',
      'markdown/require-alt-text': 'error',
      'markdown/no-duplicate-headings': 'error',
      'markdown/no-html': 'error',
    },
  })),
]
