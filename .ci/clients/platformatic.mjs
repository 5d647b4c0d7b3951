// Sends an image under three keys, labels the first, and reads the three predictions, as the documentation of @platformatic/kafka
// shows it. The isolation level must be the constant: the text 'READ_COMMITTED' is taken and reads aborted records.
// usage: platformatic.mjs BROKER IMAGE PREFIX LABEL
import fs from 'node:fs';
import { Consumer, FetchIsolationLevels, MessagesStreamModes, Producer } from '@platformatic/kafka';

const [broker, image, prefix, label] = process.argv.slice(2);
const value = fs.readFileSync(image);
const keys = [1, 2, 3].map(number => `${prefix}-${number}`);
const client = { clientId: prefix, bootstrapBrokers: [broker] };

const producer = new Producer(client);
const bytes = text => Buffer.from(text);
const headers = entries => new Map(entries.map(([name, text]) => [bytes(name), bytes(text)]));
await producer.send({
  messages: keys.map(key => ({ topic: 'images', key: bytes(key), value, headers: headers([['content-type', 'image/png']]) })),
});
await producer.send({ messages: [{ topic: 'labels', key: bytes(keys[0]), headers: headers([['label', label]]) }] });
await producer.close();

const missing = new Set(keys);
const consumer = new Consumer({ ...client, groupId: prefix });
const stream = await consumer.consume({
  topics: ['predictions'],
  mode: MessagesStreamModes.EARLIEST,
  isolationLevel: FetchIsolationLevels.READ_COMMITTED,
});
for await (const message of stream) {
  missing.delete(JSON.parse(message.value.toString()).imageId);
  if (missing.size === 0) break;
}
await consumer.close(true);
console.log(`${keys.length} images predicted`);
