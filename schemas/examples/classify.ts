// Sends an image, prints its prediction, and sends the right label.
// usage: node classify.ts BROKER IMAGE ID LABEL     (needs Node.js 22.18 or newer, and: npm install kafkajs)
import { readFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';

const [broker, file, id, label] = process.argv.slice(2);
const kafka = new Kafka({ clientId: 'classify', brokers: [broker], logLevel: logLevel.ERROR });

const producer = kafka.producer();
await producer.connect();
await producer.send({ topic: 'images', messages: [{ key: id, value: readFileSync(file) }] });

// A new group reads from the oldest prediction on. KafkaJS leaves out what was aborted, unless it is told otherwise.
const consumer = kafka.consumer({ groupId: `classify-${id}` });
await consumer.connect();
await consumer.subscribe({ topics: ['predictions'], fromBeginning: true });
const answer = await new Promise<string>((resolve, reject) => {
  setTimeout(() => reject(new Error(`no prediction of ${id} within 60 s`)), 60_000).unref();
  consumer.on(consumer.events.CRASH, event => reject(event.payload.error));
  consumer.run({
    eachMessage: async ({ message }) => {
      if (message.key?.toString() === id) resolve(message.value!.toString());
    },
  });
});
await consumer.disconnect();
const prediction = JSON.parse(answer) as { label: string; confidence: number; modelVersion: string };
console.log(`${id} is ${prediction.label} (${prediction.confidence.toFixed(2)}), says version ${prediction.modelVersion}`);

// The label needs no picture: the service finds the image that it served under this id.
await producer.send({ topic: 'labels', messages: [{ key: id, value: null, headers: { label } }] });
await producer.disconnect();
