/* How far the stages are behind, and what could not be processed. */
import { resend } from '/actions.js';
import { byId, element, fillTable, get, moment, text, whole } from '/dom.js';

const STAGES = ['serve', 'minibatch', 'adapt'];
let fingerprint = '';
export const refreshPipeline = async () => {
  const [lag, dead] = await Promise.all([get('/api/lag'), get('/api/dead-letters')]);
  if (lag) {
    text('lag-hint', 'Records that a stage has not committed yet' + (lag.at ? ', at ' + moment(lag.at) : '')
      + ', without the partitions in which it has committed nothing so far.' + (lag.unknown ? ' Not known: ' + lag.unknown : ''));
    const measured = STAGES.flatMap(stage => {
      const rows = lag.stages.filter(each => each.stage === stage);
      /* Without a figure of any stage, or where one could not be asked for, nothing is said of what was committed. */
      return rows.length ? rows.map(each => [each.stage, each.topic, whole(each.behind), each.group])
        : lag.unknown ? [] : [[stage, '–', 'nothing committed yet', '–']];
    });
    fillTable(byId('lag-table'), 'Records behind, by stage and topic', ['Stage', 'Topic', 'Behind', 'Consumer group'], measured);
    byId('lag-table').hidden = measured.length === 0;
  }
  if (!dead) return;
  const now = JSON.stringify(dead);
  if (now === fingerprint) return;
  fingerprint = now;
  text('dead-hint', dead.total ? whole(dead.total) + ' seen, up to 500 of them from before this process started.' : 'None.');
  fillTable(byId('reason-table'), 'Dead letters by stage and reason', ['Reason', 'Stage', 'Records'],
    dead.counts.map(each => [each.reason, each.stage, whole(each.count)]));
  byId('reason-table').hidden = dead.counts.length === 0;
  byId('dead-list').replaceChildren(...(dead.latest.length ? dead.latest.map(letter => {
    const item = element('li', 'reject letter');
    if (letter.url) {
      const picture = element('img');
      picture.src = letter.url;
      picture.alt = 'the picture that was refused';
      picture.onerror = () => picture.replaceWith(element('span', 'blank', 'no picture'));
      item.append(picture);
    }
    const words = element('div');
    words.append(element('time', '', moment(letter.at)), element('b', '', letter.reason), element('p', '', letter.message),
      element('p', 'where', letter.stage + ' refused ' + letter.topic + '-' + letter.partition + ' at ' + letter.offset
        + (letter.key ? ', key ' + letter.key : '') + (letter.domain ? ', domain ' + letter.domain : '')));
    if (letter.text) words.append(element('p', 'where', letter.text));
    const again = element('button', '', 'Send again');
    again.type = 'button';
    again.dataset.letter = letter.id;
    again.setAttribute('aria-label', 'Send again: dead letter ' + letter.id);
    again.onclick = () => resend(letter.id, letter.topic);
    words.append(again);
    item.append(words);
    return item;
  }) : [element('li', 'empty', 'None.')]));
};
