// Sends an image under three keys, labels the first, and reads the three predictions, as KafkaJS's documentation shows it.
// usage: kafkajs.mjs BROKER IMAGE PREFIX LABEL
import fs from 'node:fs';
import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;
const [broker, image, prefix, label] = process.argv.slice(2);
const value = fs.readFileSync(image);
const keys = [1, 2, 3].map(number => `${prefix}-${number}`);
const kafka = new Kafka({ clientId: prefix, brokers: [broker], logLevel: logLevel.ERROR });

const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
await producer.connect();
await producer.send({ topic: 'images', messages: keys.map(key => ({ key, value, headers: { 'Content-Type': 'image/png' } })) });
await producer.send({ topic: 'labels', messages: [{ key: keys[0], value: null, headers: { label } }] });
await producer.disconnect();

const missing = new Set(keys);
const consumer = kafka.consumer({ groupId: prefix });
await consumer.connect();
await consumer.subscribe({ topics: ['predictions'], fromBeginning: true });
await new Promise((resolve, reject) => {
  consumer.on(consumer.events.CRASH, event => reject(event.payload.error));
  consumer.run({
    eachMessage: async ({ message }) => {
      const prediction = JSON.parse(message.value.toString());
      if (missing.delete(prediction.imageId) && missing.size === 0) resolve();
    },
  });
});
await consumer.disconnect();
console.log(`${keys.length} images predicted`);
