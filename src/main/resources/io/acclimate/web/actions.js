/* The operator's commands. The token stays in this tab's memory. */
import { byId, get, text } from '/dom.js';

const PATIENCE_MILLIS = 20000, PAUSE_MILLIS = 500;
const NUMBERED = ['activate', 'pin', 'unpin'];
const question = (verb, domain, version) => ({
  activate: 'Let version ' + version + ' serve domain ' + domain + '?',
  pin: 'Keep version ' + version + ' of domain ' + domain + ' until it is unpinned?',
  unpin: 'Let retention remove version ' + version + ' of domain ' + domain + '?',
  rollback: 'Let the version serve that served before in domain ' + domain + '?',
  pause: 'Stop training in domain ' + domain + '? Serving continues.',
  resume: 'Train again in domain ' + domain + '?',
}[verb]);

const confirmed = words => new Promise(resolve => {
  const dialog = byId('confirm');
  text('confirm-text', words);
  dialog.returnValue = 'no';
  dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  dialog.showModal();
});

const answered = async id => {
  for (const end = Date.now() + PATIENCE_MILLIS; Date.now() < end;) {
    const known = await get('/api/commands/' + encodeURIComponent(id));
    if (known && known.answered) return known;
    await new Promise(resolve => setTimeout(resolve, PAUSE_MILLIS));
  }
  return null;
};

const send = async (verb, domain, version) => {
  const result = words => text('action-result', words);
  const token = byId('token').value;
  if (!token) {
    result('The token is missing.');
    byId('token').focus();
    return;
  }
  if (NUMBERED.includes(verb) && !version) {
    result('No version is chosen.');
    return;
  }
  if (!await confirmed(question(verb, domain, version))) return;
  try {
    const answer = await fetch('/api/versions/' + encodeURIComponent(domain) + '/' + verb, {
      method: 'POST',
      headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' },
      body: NUMBERED.includes(verb) ? JSON.stringify({ version: Number(version) }) : '',
    });
    const body = await answer.json();
    if (answer.status !== 202) {
      result('Refused: ' + body.error);
      return;
    }
    result('Sent ' + verb + ' for domain ' + domain + '; waiting for the worker.');
    const outcome = await answered(body.command);
    result(!outcome ? 'No answer from the worker yet to ' + verb + '. It answers among the decisions when it has come to it.'
      : (outcome.applied ? 'Applied: ' : 'Refused by the worker: ') + outcome.message);
  } catch (failure) {
    result('Not sent: ' + failure.message);
  }
};

/* Kafka has the record when the answer comes, so there is nothing to wait for afterwards. */
export const resend = async (letter, topic) => {
  const result = words => text('resend-result', words);
  const token = byId('token').value;
  if (!token) {
    result('The token is missing.');
    return;
  }
  if (!await confirmed('Send dead letter ' + letter + ' to the topic ' + topic + ' again?')) return;
  try {
    const answer = await fetch('/api/dead-letters/' + encodeURIComponent(letter) + '/resend', {
      method: 'POST', headers: { Authorization: 'Bearer ' + token },
    });
    const body = await answer.json();
    result(answer.ok ? 'Sent dead letter ' + letter + ' to ' + topic + '.' : 'Not sent: ' + body.error);
  } catch (failure) {
    result('Not sent: ' + failure.message);
  }
};

export const wireActions = domain => {
  byId('action-form').addEventListener('submit', event => event.preventDefault());
  document.querySelectorAll('[data-verb]').forEach(button => {
    button.onclick = () => send(button.dataset.verb, domain(), byId('action-version').value);
  });
};
