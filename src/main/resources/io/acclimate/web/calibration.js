/* How the confidence of each version agrees with labels, with and without its temperature. */
import { chart, removeChart, withGaps } from '/charts.js';
import { byId, element, fillTable, get, known, lineKey, moment, percent, text, whole } from '/dom.js';

const SERIES = [
  { words: 'without temperature', colour: '--source', dash: [4, 4], form: 'diamond', hollow: true },
  { words: 'with temperature, as served', colour: '--adapted', dash: [], form: 'disc' },
];
/* Steps between the versions that are named: a domain may have pinned its first and be at its millionth. */
const WHOLE = [...Array(10).keys()].flatMap(zeros => [1, 2, 5].map(digit => digit * 10 ** zeros));
let plot = null, fingerprint = '';

/* The event may be older than what is kept; then the version itself tells, but for the samples. */
const calibration = version => {
  if (version.calibration) return version.calibration;
  const fact = key => version.provenance && version.provenance[key] !== undefined ? Number(version.provenance[key]) : undefined;
  const temperature = fact('temperature');
  return known(temperature) ? { temperature, errorBefore: fact('calibrationErrorBefore'), errorAfter: fact('calibrationErrorAfter') } : null;
};

const key = series => {
  const words = element('span', 'words');
  words.append(lineKey(series), series.words);
  return words;
};

const draw = rows => {
  const drawable = rows.some(row => row.errorBefore !== null || row.errorAfter !== null);
  byId('calibration-plot').hidden = byId('calibration-key').hidden = !drawable;
  if (!drawable) {
    if (plot) removeChart(plot);
    plot = null;
    return;
  }
  if (!plot) {
    byId('calibration-key').replaceChildren(...SERIES.map(key));
    plot = chart('calibration-plot', SERIES.map(each => [each.words, each.colour, withGaps(each, true)]), { range: (u, min, max) => [0, max > 0 ? max * 1.1 : 0.1] }, v => Math.round(1000 * v) / 10 + '%', {
      x: { time: false, range: (u, min, max) => [min - 0.5, max + 0.5] },
      below: { values: splits => splits.map(each => 'v' + each), space: 50, incrs: WHOLE },
    });
  }
  plot.setData([rows.map(row => row.number), rows.map(row => row.errorBefore), rows.map(row => row.errorAfter)]);
};

const name = version => {
  const cell = element('span', '', version.number ? String(version.number) : '0, the source model');
  if (version.active) cell.append(element('span', 'badge on', 'active'));
  return cell;
};

export const resetCalibration = () => {
  fingerprint = '';
  draw([]);
  byId('calibration-table').replaceChildren();
  text('calibration-hint', '');
};
export const refreshCalibration = async (domain, isChosen) => {
  const view = await get('/api/domains/' + encodeURIComponent(domain) + '/versions');
  if (!view || !isChosen() || byId('calibration').hidden) return;
  const now = JSON.stringify(view);
  if (now === fingerprint) return;
  fingerprint = now;
  const rows = view.versions.map(version => ({ version, found: calibration(version) }));
  const fitted = rows.filter(row => row.found).length;
  text('calibration-hint', fitted ? 'An error is known from 64 held-out labels on. While these are few, some points of it are chance.' : 'No version has a temperature yet.');
  const error = x => known(x) ? x : null;
  draw(rows.filter(row => row.version.number).map(({ version, found }) =>
    ({ number: version.number, errorBefore: error(found && found.errorBefore), errorAfter: error(found && found.errorAfter) })));
  fillTable(byId('calibration-table'), fitted + ' of ' + rows.length + (rows.length === 1 ? ' version has' : ' versions have')
    + ' a temperature', ['Version', 'Error without', 'Error with', 'Temperature', 'Labels fitted on', 'When'],
    rows.reverse().map(({ version, found }) => [name(version), percent(found && found.errorBefore), percent(found && found.errorAfter),
      found ? found.temperature.toFixed(3) : 'none', whole(found && found.samples), found && (found.at || version.createdAt) ? moment(found.at || version.createdAt) : '–']));
};
