import { html, raw, type Html } from '../html.ts'

const SIZE = 520
const LIGHT = { x: 262, y: 268 }
/** Depth lines from the harbour outwards; the innermost is the quay, open to the sea on the left. */
const RADII = [54, 88, 126, 170, 220, 276, 340]

/** Half the width of the entrance, and how often a depth line turns. */
const ENTRANCE = 0.42
const STEPS = 30

/** Soundings, as a chart has them between its depth lines: here they are ports that have a name. */
const SOUNDINGS: readonly [port: number, radius: number, degrees: number][] = [
  [7, 70, 118], [22, 106, 62], [25, 150, 196], [53, 108, 292], [80, 147, 20], [110, 196, 330], [143, 197, 240],
  [443, 194, 82], [993, 232, 355], [3306, 246, 150], [5432, 250, 44], [8080, 306, 220], [5222, 304, 135],
]

/**
 * The picture on the cover: a harbour as a nautical chart draws it, with its depth lines, its
 * soundings and the red light at its entrance. It says nothing that the words do not.
 */
export function renderChart(): Html {
  return html`<svg class="chart" viewBox="0 0 ${SIZE} ${SIZE}" aria-hidden="true">
<g class="depths">${RADII.map((radius, index) => html`<path d="${contour(radius, index)}"/>`)}</g>
<g class="soundings">${SOUNDINGS.map(([port, radius, degrees]) => {
  const { x, y } = at(radius, degrees / 180 * Math.PI)
  return html`<text x="${x}" y="${y}" dy=".35em">${port}</text>`
})}</g>
${raw(`<path class="fairway" d="M0 ${LIGHT.y + 34}C90 ${LIGHT.y + 52} 150 ${LIGHT.y + 8} ${LIGHT.x - 14} ${LIGHT.y}"/>`)}
<circle class="glow" cx="${LIGHT.x}" cy="${LIGHT.y}" r="17"/><circle class="light" cx="${LIGHT.x}" cy="${LIGHT.y}" r="6.5"/>
</svg>
`
}

/** A depth line: a circle as the sea floor would have it, and for the quay one with an entrance. */
function contour(radius: number, index: number): string {
  if (index === 0) {
    const from = at(radius, Math.PI + ENTRANCE)
    const to = at(radius, Math.PI - ENTRANCE)
    return `M${from.x} ${from.y}A${radius} ${radius} 0 1 1 ${to.x} ${to.y}`
  }
  const points = Array.from({ length: STEPS }, (_, step) => {
    const angle = 2 * Math.PI * step / STEPS
    return at(radius * (1 + 0.045 * Math.sin(3 * angle + index) + 0.03 * Math.sin(5 * angle - index * 1.7)), angle)
  })
  // Curves from the middle of one side to the middle of the next, with the corner between as the handle.
  const middles = points.map((point, step) => {
    const next = points[(step + 1) % STEPS]!
    return { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
  })
  const curves = middles.map((_, step) => {
    const corner = points[(step + 1) % STEPS]!
    const end = middles[(step + 1) % STEPS]!
    return `Q${round(corner.x)} ${round(corner.y)} ${round(end.x)} ${round(end.y)}`
  })
  return `M${round(middles[0]!.x)} ${round(middles[0]!.y)}${curves.join('')}Z`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function at(radius: number, angle: number): { x: number, y: number } {
  return { x: round(LIGHT.x + radius * Math.cos(angle)), y: round(LIGHT.y + radius * Math.sin(angle)) }
}
