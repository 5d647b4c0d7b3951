package io.acclimate.serve;

import io.acclimate.core.Prediction;
import io.acclimate.core.Refusal;
import io.acclimate.wire.DeadLetters;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** An answer to one image record is either a prediction or the reason why there is none. */
sealed interface Answer {
    /** What dead letters and meters call this step of the pipeline. */
    String STAGE = "serve";

    /** The output record that carries this answer to {@code image}. */
    ProducerRecord<byte[], byte[]> record(
            ConsumerRecord<byte[], byte[]> image, PredictionRecords predictions, String deadLetters);

    record Predicted(Prediction prediction) implements Answer {
        @Override
        public ProducerRecord<byte[], byte[]> record(
                ConsumerRecord<byte[], byte[]> image, PredictionRecords predictions, String deadLetters) {
            return predictions.record(image, prediction);
        }
    }

    record Refused(Refusal refusal) implements Answer {
        @Override
        public ProducerRecord<byte[], byte[]> record(
                ConsumerRecord<byte[], byte[]> image, PredictionRecords predictions, String deadLetters) {
            return DeadLetters.record(deadLetters, image, refusal, STAGE);
        }
    }
}
