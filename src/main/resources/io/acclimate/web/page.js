'use strict';
(() => {
  const byId = id => document.getElementById(id);
  const MAX_POINTS = 4000, MAX_CARDS = 200, MAX_IMAGES = 24;
  let accuracy, throughput, cards, images, marks;
  const reset = () => {
    accuracy = [[], [], []];
    throughput = [[], [], [], []];
    cards = [];
    images = [];
    marks = [];
  };
  reset();

  const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
  const known = x => typeof x === 'number' && isFinite(x);
  const percent = x => known(x) ? (100 * x).toFixed(1) + '%' : '–';
  const millis = x => !known(x) ? '–' : x >= 10000 ? (x / 1000).toFixed(1) + ' s' : x >= 10 ? number.format(x) + ' ms' : x.toFixed(1) + ' ms';
  const short = x => x < 10 ? String(Math.round(10 * x) / 10) : number.format(x);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const text = (id, value) => { const node = byId(id); if (node.textContent !== value) node.textContent = value; };
  const lastKnown = column => { for (let i = column.length - 1; i >= 0; i--) if (known(column[i])) return column[i]; return NaN; };

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

  const charts = [];
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
    charts.push(() => plot.setSize({ width: box.clientWidth, height: box.clientHeight }));
    return plot;
  };
  const fromZero = { range: (u, min, max) => [0, known(max) && max > 0 ? max * 1.1 : 10] };
  const accuracyPlot = chart('accuracy', [['adapted', '--adapted'], ['source', '--source']], { range: [0, 1] }, v => Math.round(100 * v) + '%', [markPlugin]);
  const throughputPlot = chart('throughput', [['images/s', '--adapted']], fromZero, short);
  const latencyPlot = chart('latency', [['p50', '--adapted'], ['p99', '--source']], fromZero, short);

  const append = (columns, rows) => {
    for (const row of rows) row.forEach((v, i) => columns[i].push(i === 0 ? v / 1000 : known(v) ? v : null));
    while (columns[0].length > MAX_POINTS) for (let i = 0; i < columns.length; i++) columns[i] = columns[i].filter((_, k) => k % 2 === 0);
  };

  const element = (tag, className, content) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  };

  const drawCards = () => byId('cards').replaceChildren(...cards.slice().reverse().map(card => {
    const item = element('li', card.kind);
    const time = element('time', '', new Date(card.at).toLocaleTimeString('en-GB'));
    item.append(time, element('b', '', card.domain === 'default' ? card.title : card.domain + ' · ' + card.title), element('p', '', card.detail));
    return item;
  }));

  const drawImages = () => byId('strip').replaceChildren(...images.slice().reverse().map(image => {
    const figure = element('figure', image.truth === '' ? '' : image.truth === image.label ? 'right' : 'wrong');
    if (image.url) {
      const picture = element('img');
      picture.src = image.url;
      picture.alt = image.id;
      figure.append(picture);
    } else figure.append(image.text ? element('div', 'blank text', image.text) : element('div', 'blank'));
    figure.title = image.id + ', domain ' + image.domain + ', version ' + image.version;
    const caption = element('figcaption');
    caption.append(element('span', 'label', image.label + ' ' + Math.round(100 * image.confidence) + '%'),
      element('span', 'truth', image.truth === '' ? 'no label yet' : image.truth === image.label ? 'label agrees' : 'label: ' + image.truth));
    figure.append(caption);
    return figure;
  }));

  const show = view => {
    append(accuracy, view.accuracy);
    append(throughput, view.throughput);
    if (view.accuracy.length) accuracyPlot.setData(accuracy);
    if (view.throughput.length) {
      throughputPlot.setData([throughput[0], throughput[1]]);
      latencyPlot.setData([throughput[0], throughput[2], throughput[3]]);
    }
    if (view.cards.length) {
      cards = cards.concat(view.cards).slice(-MAX_CARDS);
      marks = cards.filter(card => ['active', 'activate', 'rollback'].includes(card.kind))
        .map(card => ({ x: card.at / 1000, label: 'v' + card.title.split(' ')[1] }));
      drawCards();
      accuracyPlot.redraw(false);
    }
    if (view.images.length) {
      images = images.concat(view.images).slice(-MAX_IMAGES);
      drawImages();
    }
    const adapted = lastKnown(accuracy[1]), source = lastKnown(accuracy[2]);
    text('adapted', percent(adapted));
    text('source', percent(source));
    if (known(adapted) && known(source)) {
      const gain = 100 * (adapted - source);
      text('gain', (gain >= 0 ? '+' : '−') + Math.abs(gain).toFixed(1) + ' points over source');
    }
    const active = Object.entries(view.status.active).sort();
    text('version', active.length ? active.map(([, v]) => v).slice(0, 4).join(' · ') : '0');
    text('domains', active.length ? active.map(([d, v]) => d + (v ? '' : ' (source model)')).join(', ') : 'source model');
    text('predictions', number.format(view.status.predictions));
    text('trained', number.format(view.status.trainedSamples));
    text('rate', known(lastKnown(throughput[1])) ? number.format(lastKnown(throughput[1])) : '–');
    text('p50', millis(lastKnown(throughput[2])));
    text('p99', millis(lastKnown(throughput[3])));
  };

  addEventListener('resize', () => charts.forEach(resize => resize()));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => [accuracyPlot, throughputPlot, latencyPlot].forEach(p => p.redraw()));

  // What the roles of this process guessed or leave out, such as adaptation of a model that cannot be trained.
  const showRemarks = async () => {
    try {
      const health = await (await fetch('/health/ready')).json();
      const lines = Object.entries(health.remarks).flatMap(([role, remarks]) => remarks.map(remark => role + ': ' + remark));
      byId('remarks').hidden = lines.length === 0;
      byId('remark-list').replaceChildren(...lines.map(line => element('li', '', line)));
    } catch {
      // The link says already that the connection is lost.
    }
  };
  showRemarks();
  setInterval(showRemarks, 15000);

  const link = (state, words) => { byId('link').className = 'link ' + state; text('link', words); };
  const stream = new EventSource('/api/live');
  stream.addEventListener('snapshot', event => { reset(); link('on', 'live'); show(JSON.parse(event.data)); });
  stream.addEventListener('update', event => show(JSON.parse(event.data)));
  stream.onerror = () => link('off', 'connection lost, retrying');
})();
