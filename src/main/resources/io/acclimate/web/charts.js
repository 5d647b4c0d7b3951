/* The plots of the overview. */
import { byId, known, whole } from '/dom.js';

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const short = x => x < 10 ? String(Math.round(10 * x) / 10) : whole(x);
const MAX_POINTS = 4000;
const plots = [];
let marks = [];

/* A dashed line where a version became active. */
const markPlugin = { hooks: { draw: plot => {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour('--blue');
  ctx.fillStyle = colour('--blue');
  ctx.font = 11 * devicePixelRatio + 'px sans-serif';
  ctx.textAlign = 'left';
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  let textEnd = -1;
  for (const mark of marks) {
    const x = plot.valToPos(mark.x, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.globalAlpha = 0.45;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (x > textEnd) {
      ctx.globalAlpha = 1;
      ctx.fillText(mark.label, x + 4 * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
      textEnd = x + ctx.measureText(mark.label).width + 10 * devicePixelRatio;
    }
  }
  ctx.restore();
} } };

const chart = (id, series, scale, format, plugins) => {
  const box = byId(id);
  const axis = { stroke: () => colour('--soft'), grid: { stroke: () => colour('--line'), width: 1 }, ticks: { show: false } };
  const plot = new uPlot({
    width: box.clientWidth, height: box.clientHeight, plugins: plugins || [],
    cursor: { y: false }, legend: { show: false },
    scales: { x: { time: true }, y: scale },
    axes: [{ ...axis, values: (u, splits) => splits.map(s => new Date(s * 1000).toLocaleTimeString('en-GB')), space: 90, size: 30 },
           { ...axis, size: 54, values: (u, splits) => splits.map(format) }],
    series: [{}, ...series.map(([label, name]) => ({ label, stroke: () => colour(name), width: 2, points: { show: false }, spanGaps: true }))],
  }, [[], ...series.map(() => [])], box);
  plots.push({ plot, box });
  return plot;
};
const fromZero = { range: (u, min, max) => [0, known(max) && max > 0 ? max * 1.1 : 10] };
const accuracyPlot = chart('accuracy', [['as served', '--adapted'], ['source', '--source'], ['in shadow', '--blue']], { range: [0, 1] }, v => Math.round(100 * v) + '%', [markPlugin]);
const throughputPlot = chart('throughput', [['images/s', '--adapted']], fromZero, short);
const latencyPlot = chart('latency', [['p50', '--adapted'], ['p99', '--source']], fromZero, short);

let accuracy, shadow, throughput;
export const resetCharts = () => {
  accuracy = [[], [], []];
  shadow = [[], []];
  throughput = [[], [], [], []];
  marks = [];
};
resetCharts();

const append = (columns, rows) => {
  for (const row of rows) row.forEach((v, i) => columns[i].push(i === 0 ? v / 1000 : known(v) ? v : null));
  while (columns[0].length > MAX_POINTS) for (let i = 0; i < columns.length; i++) columns[i] = columns[i].filter((_, k) => k % 2 === 0);
};

/* The curve in shadow mode has rows of its own, since it begins when the mode does. */
const drawAccuracy = () => accuracyPlot.setData(shadow[0].length
  ? uPlot.join([accuracy, shadow]) : [...accuracy, accuracy[0].map(() => null)]);
export const showAccuracy = rows => { append(accuracy, rows); drawAccuracy(); };
export const showShadow = rows => { append(shadow, rows); drawAccuracy(); };
export const showThroughput = rows => {
  append(throughput, rows);
  throughputPlot.setData([throughput[0], throughput[1]]);
  latencyPlot.setData([throughput[0], throughput[2], throughput[3]]);
};
export const showMarks = all => { marks = all; accuracyPlot.redraw(false); };
/* The newest rate and latencies that are known. */
export const newest = () => throughput.slice(1).map(column => {
  for (let i = column.length - 1; i >= 0; i--) if (known(column[i])) return column[i];
  return NaN;
});
/* Plots keep their size in a view that is hidden, so this is called when theirs is shown. */
export const fitCharts = () => {
  for (const { plot, box } of plots) if (box.clientWidth > 0) plot.setSize({ width: box.clientWidth, height: box.clientHeight });
};
addEventListener('resize', fitCharts);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plots.forEach(({ plot }) => plot.redraw()));
