package io.acclimate.app.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.labels.ImportPlan.Label;
import io.acclimate.core.ClassNames;
import io.acclimate.core.DomainId;
import io.acclimate.core.Outcome;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class LabelSenderTest {
    private static final ClassNames CLASSES = new ClassNames(List.of("cat", "dog"));
    private static final List<Label> LABELS = List.of(new Label("cam-1", 1), new Label("cam-2", 0));

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    private LabelSender sender(Optional<DomainId> domain) {
        return new LabelSender(producer, Topics.DEFAULT, domain, "tool");
    }

    @Test
    void aLabelIsTheImagesIdAndTheClassNameWithoutBytes() throws InterruptedException {
        List<Long> progress = new ArrayList<>();

        sender(Optional.empty()).send(LABELS, CLASSES, 0, progress::add);

        assertThat(producer.history()).hasSize(2).first().satisfies(label -> {
            assertThat(label.topic()).isEqualTo(Topics.DEFAULT.labels());
            assertThat(new String(label.key(), StandardCharsets.UTF_8)).isEqualTo("cam-1");
            assertThat(label.value()).isNull();
            assertThat(ContractHeaders.label(label.headers())).isEqualTo(Outcome.ok("dog"));
            assertThat(ContractHeaders.text(label.headers(), ContractHeaders.SOURCE))
                    .isEqualTo(Outcome.ok(Optional.of("tool")));
            assertThat(ContractHeaders.last(label.headers(), ContractHeaders.DOMAIN))
                    .isEmpty();
        });
        assertThat(progress).containsExactly(1L, 2L);
    }

    @Test
    void aDomainIsSaidWhereItIsGiven() throws InterruptedException {
        sender(Optional.of(new DomainId("cam"))).send(LABELS, CLASSES, 0, sent -> {});

        assertThat(producer.history()).allSatisfy(label -> assertThat(ContractHeaders.domain(label.headers()))
                .isEqualTo(Outcome.ok(new DomainId("cam"))));
    }

    @Test
    void aLabelThatKafkaDoesNotTakeEndsTheImport() {
        MockProducer<byte[], byte[]> refusing =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized void flush() {
                        errorNext(new TopicAuthorizationException("labels"));
                        super.flush();
                    }
                };

        assertThatThrownBy(() -> new LabelSender(refusing, Topics.DEFAULT, Optional.empty(), "tool")
                        .send(LABELS, CLASSES, 0, sent -> {}))
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith("a label was not taken by Kafka: ");
    }
}
