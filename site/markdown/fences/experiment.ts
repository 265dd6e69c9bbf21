import type { Experiment, Step } from '../../../scripts/workbook/experiment/parse.ts'
import { html, raw, escape, type Html } from '../../html.ts'
import { command } from './commands.ts'
import type { RenderEnv } from '../../site.ts'

/** Terminals that fit side by side; the style sheet has a class for each count and column. */
const MOST_TERMINALS = 4

/**
 * An experiment as a list of steps in the order in which they happened, laid out with a column for
 * each terminal and time running down. It reads from top to bottom without style or script;
 * site/client/experiment.ts plays it.
 */
export function renderExperiment(experiment: Experiment, env: Pick<RenderEnv, 'prefix'>): Html {
  const { terminals, steps, title } = experiment
  if (terminals.length > MOST_TERMINALS) throw new Error(`${experiment.file}:${experiment.line}: the page has room for ${MOST_TERMINALS} terminals`)
  const id = env.prefix + experiment.slug
  return html`<figure class="experiment t${terminals.length}" id="${id}"><figcaption><span class="kind">Experiment</span> <span class="title">${
    title}</span>${experiment.recorded && html` <span class="tag">recorded</span>`}${experiment.linux
    && html` <span class="tag">Linux</span>`}${experiment.race && html` <span class="tag">a race</span>`}</figcaption><div class="controls needs-js" role="group" aria-label="Play the experiment"></div>
<div class="stage"><div class="screens" aria-hidden="true">${terminals.map(name => html`<span class="screen">${name}</span>`)}</div>
<ol class="steps">
${steps.map((step, index) => renderStep(step, terminals.indexOf(step.terminal) + 1, isTurn(steps, index)))}</ol></div></figure>
`
}

/** Whether the reader looks at another terminal from here on. */
function isTurn(steps: readonly Step[], index: number): boolean {
  const before = steps[index - 1]
  return before === undefined || before.kind === 'remark' || before.terminal !== steps[index]?.terminal
}

function renderStep(step: Step, column: number, turn: boolean): Html {
  if (step.kind === 'remark') return html`<li class="step step-remark">${withCode(step.text)}</li>\n`
  return html`<li class="step step-${step.kind} c${column}${turn && ' turn'}"><div class="cell"><span class="who">${
    step.terminal}</span> ${bodyOf(step)}</div></li>\n`
}

function bodyOf({ kind, text }: Step): Html {
  switch (kind) {
    case 'start':
    case 'look': return html`<span class="prompt">$ </span><code class="typed">${withNames(text)}</code>`
    case 'type': return html`<span class="said">types </span><code class="typed">${withNames(text)}</code>`
    case 'print': return html`<code>${withNames(text)}</code>`
    case 'skip': return html`<span class="soft"><span class="said">some lines left out </span>…</span>`
    case 'key': return html`<kbd>Ctrl-${text}</kbd>`
    case 'exit': return html`<span class="soft">ends with exit code ${text}</span>`
    case 'silent': return html`<span class="soft">${text ? withCode(text) : 'nothing is printed'}</span>`
    default: throw new Error(`the site cannot show a step of kind "${kind}"`)
  }
}

/** `<port>` stands for what differs from run to run; `\<` for the sign itself. */
function withNames(text: string): Html {
  return raw(text.split(/(\\<|<[a-z][a-z0-9-]*>)/).map((piece, index) => {
    if (index % 2 === 0) return command(piece)
    return piece === '\\<' ? '&lt;' : `<var>${escape(piece.slice(1, -1))}</var>`
  }).join(''))
}

/** A remark is plain words, in which code stands between backticks. */
function withCode(text: string): Html {
  return raw(text.split('`').map((piece, index) => index % 2 === 0 ? escape(piece) : `<code>${command(piece)}</code>`).join(''))
}
