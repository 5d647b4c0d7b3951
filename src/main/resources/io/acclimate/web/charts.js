/* Plots: what all of them have in common, and those of the overview. */
import { byId, known, shape, whole } from '/dom.js';

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const short = x => x < 10 ? String(Math.round(10 * x) / 10) : whole(x);
const MAX_POINTS = 4000;
const plots = [];
let marks = [];

/* A line where something happened: dashed where a version became active, and without gaps where training started again. */
export const markPlugin = marks => ({ hooks: { draw: plot => {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = 11 * devicePixelRatio + 'px sans-serif';
  ctx.textAlign = 'left';
  const textEnds = [-1, -1];
  for (const mark of marks()) {
    const x = plot.valToPos(mark.x, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const row = mark.restart ? 1 : 0;
    ctx.strokeStyle = ctx.fillStyle = colour(mark.restart ? '--bad' : '--blue');
    ctx.setLineDash(mark.restart ? [] : [4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.globalAlpha = 0.45;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (x > textEnds[row]) {
      ctx.globalAlpha = 1;
      ctx.fillText(mark.label, x + 4 * devicePixelRatio, bbox.top + (12 + 14 * row) * devicePixelRatio);
      textEnds[row] = x + ctx.measureText(mark.label).width + 10 * devicePixelRatio;
    }
  }
  ctx.restore();
} } });

/* Values without a neighbour, of which a line shows nothing. */
const lonely = (plot, i, show) => {
  if (show) return null;
  const values = plot.data[i];
  const alone = [];
  values.forEach((v, k) => { if (known(v) && !known(values[k - 1]) && !known(values[k + 1])) alone.push(k); });
  return alone.length ? alone : null;
};

/* A single value is shown in the middle of a minute, and not at the edge of a day. */
const TIMES = { time: true, range: (u, min, max) => u.data[0].length === 1 ? [min - 30, min + 30] : [min, max] };
const timeOfDay = splits => splits.map(s => new Date(s * 1000).toLocaleTimeString('en-GB'));

/* A series is its label, its colour, and how it is drawn where that is not a line across gaps. */
export const chart = (id, series, y, format, { plugins = [], x = TIMES, below = { values: timeOfDay, space: 90 } } = {}) => {
  const box = byId(id);
  const axis = { stroke: () => colour('--soft'), grid: { stroke: () => colour('--line'), width: 1 }, ticks: { show: false } };
  const plot = new uPlot({
    width: box.clientWidth, height: box.clientHeight, plugins,
    cursor: { y: false }, legend: { show: false },
    scales: { x, y },
    axes: [{ ...axis, size: 30, ...below, values: (u, splits) => below.values(splits) },
           { ...axis, size: 54, values: (u, splits) => splits.map(format) }],
    series: [{}, ...series.map(([label, name, how]) => ({ label, stroke: () => colour(name), width: 2, points: { show: false }, spanGaps: true, ...how }))],
  }, [[], ...series.map(() => [])], box);
  plots.push({ plot, box });
  return plot;
};
/* How a series is drawn that has a gap where nothing is known. Its points, where they are shown, have a form of their own. */
export const withGaps = (style, show) => ({ dash: style.dash, spanGaps: false, points: {
  show: !!show, filter: lonely, width: 1.5, fill: () => colour(style.hollow ? '--panel' : style.colour),
  paths: (u, i, from, to, only) => {
    const path = new Path2D();
    u.data[i].forEach((v, k) => {
      if (!known(v) || k < from || k > to || (only && !only.includes(k))) return;
      path.addPath(new Path2D(shape(style, u.valToPos(u.data[0][k], 'x', true), u.valToPos(v, 'y', true), 3.5 * devicePixelRatio)));
    });
    return { stroke: path, fill: path, clip: null, flags: 0 };
  },
} });
export const removeChart = plot => {
  plots.splice(plots.findIndex(each => each.plot === plot), 1);
  plot.destroy();
};
const fromZero = { range: (u, min, max) => [0, known(max) && max > 0 ? max * 1.1 : 10] };
const accuracyPlot = chart('accuracy', [['as served', '--adapted'], ['source', '--source'], ['in shadow', '--blue']], { range: [0, 1] }, v => Math.round(100 * v) + '%',
  { plugins: [markPlugin(() => marks)] });
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
