/* The newest figures, decisions and images of one domain. */
import { byId, element, get, known, millis, minute, moment, percent, points, text, whole } from '/dom.js';
import { newest, resetCharts, showAccuracy, showMarks, showShadow, showThroughput } from '/charts.js';

const MAX_CARDS = 200, MAX_IMAGES = 24;
/* Fewer labels than this say nothing about a difference between two models. */
const FEWEST_LABELS = 30;
const OLD_MILLIS = 120000;
const still = matchMedia('(prefers-reduced-motion: reduce)');
const STILL_MILLIS = 10000;
let cards = [], images = [], drawnAt = 0;

export const resetOverview = () => {
  cards = [];
  images = [];
  drawnAt = 0;
  resetCharts();
  showAccuracy([]);
  showThroughput([]);
  showMarks([]);
  byId('cards').replaceChildren(element('li', 'empty', 'None yet: the first comes with the first mini-batches of labels.'));
  byId('strip').replaceChildren(element('p', 'empty', 'No predictions yet.'));
};

const drawCards = () => byId('cards').replaceChildren(...cards.slice().reverse().map(card => {
  const item = element('li', card.kind);
  item.append(element('time', '', moment(card.at)), element('b', '', card.title), element('p', '', card.detail));
  return item;
}));

const drawImages = () => byId('strip').replaceChildren(...images.slice().reverse().map(image => {
  const figure = element('figure', image.truth === '' ? '' : image.truth === image.label ? 'right' : 'wrong');
  if (image.url) {
    const picture = element('img');
    picture.src = image.url;
    picture.alt = 'image ' + image.id;
    figure.append(picture);
  } else figure.append(image.text ? element('div', 'blank text', image.text) : element('div', 'blank'));
  figure.title = image.id + ', domain ' + image.domain + ', version ' + image.version;
  const caption = element('figcaption');
  caption.append(element('span', 'label', image.label + ' ' + Math.round(100 * image.confidence) + '%'),
    element('span', 'truth', image.truth === '' ? 'no label yet' : image.truth === image.label ? 'label agrees' : 'label: ' + image.truth));
  figure.append(caption);
  return figure;
}));

const showShadowed = version => {
  byId('shadow').hidden = version === undefined;
  byId('shadow-key').hidden = version === undefined;
  text('shadow', version === undefined ? '' : 'Shadow mode: version ' + version + ' would serve.');
};

/* What the stream says of a domain. */
export const showView = (view, domain) => {
  if (view.accuracy.length) showAccuracy(view.accuracy);
  if (view.shadow.length) showShadow(view.shadow);
  showShadowed(view.status.shadow[domain]);
  if (view.throughput.length) showThroughput(view.throughput);
  if (view.cards.length) {
    for (const card of view.cards) {
      const last = cards[cards.length - 1];
      /* Judgements that are put off would fill the list: one line is enough for those of a candidate in a row. */
      if (last && card.kind === 'defer' && last.kind === 'defer' && last.title === card.title) cards.pop();
      cards.push(card);
    }
    cards = cards.slice(-MAX_CARDS);
    drawCards();
    showMarks(cards.filter(card => ['active', 'activate', 'rollback'].includes(card.kind))
      .map(card => ({ x: card.at / 1000, label: 'v' + card.title.split(' ')[1] })));
  }
  if (view.images.length) {
    images = images.concat(view.images).slice(-MAX_IMAGES);
    if (!still.matches || Date.now() - drawnAt > STILL_MILLIS) {
      drawnAt = Date.now();
      drawImages();
    }
  }
  const [rate, p50, p99] = newest();
  text('predictions', whole(view.status.predictions));
  text('rate', whole(rate));
  text('p50', millis(p50));
  text('p99', millis(p99));
};

/* A gain is said only if a version serves and there are labels enough to compare. */
const gain = (active, window) => {
  if (!window || !known(window.served)) return active ? 'no labels yet' : 'the source model serves; no labels yet';
  if (!active) return 'the source model serves: no gain';
  if (window.samples < FEWEST_LABELS) return 'only ' + window.samples + ' labels: too few to compare';
  return points(window.served - window.source) + ' over source';
};

/* Answers may come after the viewer has chosen another domain, whose figures they must not replace. */
export const refreshOverview = async (domain, isChosen) => {
  const summary = await get('/api/domains/' + encodeURIComponent(domain));
  if (!summary || !isChosen()) return;
  const window = summary.prequential;
  text('adapted', percent(window && window.served));
  text('source', percent(window && window.source));
  text('gain', gain(summary.active, window));
  text('window', !window ? 'frozen, same samples'
    : 'frozen, on the same ' + whole(window.samples) + ' labels' + (Date.now() - window.lastAt > OLD_MILLIS ? '; the last at ' + moment(window.lastAt) : ''));
  text('version', String(summary.active));
  text('serving', summary.active ? 'adapted; version 0 is the source model' : 'the source model');
  text('trained', whole(summary.trainedSamples));
  text('training', { running: 'training runs', paused: 'training is paused', unknown: 'no training seen' }[summary.training]
    + (known(summary.trainedSince) ? '; since ' + minute(summary.trainedSince) : '')
    + (summary.halvings ? ', with less effort: labels come faster than they are learnt, or a step takes long' : ''));
  return summary;
};

const remarks = async () => {
  try {
    const health = await (await fetch('/health/ready')).json();
    const lines = Object.entries(health.remarks).flatMap(([role, said]) => said.map(remark => role + ': ' + remark));
    byId('remarks').hidden = lines.length === 0;
    byId('remark-list').replaceChildren(...lines.map(line => element('li', '', line)));
  } catch {
    // The link says already that the connection is lost.
  }
};
remarks();
setInterval(remarks, 15000);
