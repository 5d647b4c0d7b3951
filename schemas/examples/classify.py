#!/usr/bin/env python3
"""Sends an image, prints its prediction, and sends the right label.

usage: classify.py BROKER IMAGE ID LABEL     (needs: pip install confluent-kafka)
"""
import json
import sys

from confluent_kafka import Consumer, Producer

broker, file, image_id, label = sys.argv[1:]

producer = Producer({"bootstrap.servers": broker, "message.max.bytes": 9_000_000})
with open(file, "rb") as image:
    producer.produce("images", key=image_id, value=image.read())
if producer.flush(30) > 0:
    sys.exit(f"no broker took the image within 30 s at {broker}")

# A new group reads from the oldest prediction on. librdkafka leaves out what was aborted, unless it is told otherwise.
consumer = Consumer({"bootstrap.servers": broker, "group.id": f"classify-{image_id}", "auto.offset.reset": "earliest"})
consumer.subscribe(["predictions"])
while True:
    record = consumer.poll(30)
    if record is None or record.error():
        sys.exit(f"no prediction of {image_id}: {record.error() if record else 'nothing came within 30 s'}")
    if record.key() == image_id.encode():
        break
consumer.close()
prediction = json.loads(record.value())
print(f"{image_id} is {prediction['label']} ({prediction['confidence']:.2f}), says version {prediction['modelVersion']}")

# The label needs no picture: the service finds the image that it served under this id.
producer.produce("labels", key=image_id, headers={"label": label})
if producer.flush(30) > 0:
    sys.exit("no broker took the label within 30 s")
