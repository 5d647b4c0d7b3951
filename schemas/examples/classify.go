// Sends an image, prints its prediction, and sends the right label.
// usage: go run classify.go BROKER IMAGE ID LABEL     (needs: go get github.com/confluentinc/confluent-kafka-go/v2)
package main

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	broker, file, id, label := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	producer := must(kafka.NewProducer(&kafka.ConfigMap{"bootstrap.servers": broker, "message.max.bytes": 9000000}))
	send := func(topic string, value []byte, headers ...kafka.Header) {
		to, done := kafka.TopicPartition{Topic: &topic, Partition: kafka.PartitionAny}, make(chan kafka.Event, 1)
		must(0, producer.Produce(&kafka.Message{TopicPartition: to, Key: []byte(id), Value: value, Headers: headers}, done))
		must(0, (<-done).(*kafka.Message).TopicPartition.Error)
	}
	send("images", must(os.ReadFile(file)))
	// A new group reads from the oldest prediction on. librdkafka leaves out what was aborted, unless it is told otherwise.
	consumer := must(kafka.NewConsumer(&kafka.ConfigMap{"bootstrap.servers": broker, "group.id": "classify-" + id, "auto.offset.reset": "earliest"}))
	must(0, consumer.SubscribeTopics([]string{"predictions"}, nil))
	record := must(consumer.ReadMessage(60 * time.Second))
	for string(record.Key) != id {
		record = must(consumer.ReadMessage(60 * time.Second))
	}
	fmt.Println(string(record.Value))
	send("labels", nil, kafka.Header{Key: "label", Value: []byte(label)}) // by its id: the service finds the image that it served
}
