#!/usr/bin/python3
"""Sends an image under three keys, labels the first, and reads the three predictions, with confluent-kafka.

usage: confluent.py BROKER IMAGE PREFIX LABEL
"""
import json
import sys

from confluent_kafka import Consumer, Producer

broker, image, prefix, label = sys.argv[1:]
value = open(image, "rb").read()
keys = [f"{prefix}-{number}" for number in (1, 2, 3)]

producer = Producer({"bootstrap.servers": broker, "client.id": prefix})
for key in keys:
    producer.produce("images", key=key, value=value, headers={"content-type": "image/png"})
producer.produce("labels", key=keys[0], headers={"label": label})
assert producer.flush(30) == 0

missing = set(keys)
consumer = Consumer({"bootstrap.servers": broker, "group.id": prefix, "auto.offset.reset": "earliest"})
consumer.subscribe(["predictions"])
while missing:
    message = consumer.poll(60)
    assert message is not None, f"no prediction of {missing}"
    assert message.error() is None, message.error()
    missing.discard(json.loads(message.value())["imageId"])
consumer.close()
print(f"{len(keys)} images predicted")
