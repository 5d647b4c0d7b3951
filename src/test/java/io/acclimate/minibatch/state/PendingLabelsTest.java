package io.acclimate.minibatch.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Payload;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingLabelsTest {
    private static final ServedImage IMAGE =
            ServedImage.unlabelled(new Coordinates("images", 2, 99), new DomainId("site-1"));

    private final AtomicLong total = new AtomicLong();
    private final KeyValueStore<org.apache.kafka.common.utils.Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore(PendingLabels.STORE), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();

    private final PendingLabels pending = new PendingLabels(store, total);

    @BeforeEach
    void open() {
        store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
    }

    private static PendingLabel label(long offset, String image) {
        return new PendingLabel(
                new LabelledSample(
                        new ImageId(image),
                        1,
                        "boot",
                        new Payload(Bytes.EMPTY, Optional.empty()),
                        new Coordinates("labels", 0, offset),
                        Instant.EPOCH),
                new RecordHeaders(),
                false,
                Optional.empty());
    }

    @Test
    void labelsOfAnImageWaitInTheOrderOfTheirArrival() {
        pending.add(label(1, "a"), 100);
        pending.add(label(2, "b"), 200);
        pending.add(label(3, "a"), 300);

        assertThat(pending.waitingFor(new ImageId("a"))).containsExactly(label(1, "a"), label(3, "a"));
        assertThat(pending.oldest()).contains(new PendingLabels.Waiting(label(1, "a"), 100));
        assertThat(total).hasValue(3);
    }

    @Test
    void aLabelThatIsRemovedWaitsNoLonger() {
        pending.add(label(1, "a"), 100);
        pending.addFound(label(2, "b").of(IMAGE));

        pending.remove(label(1, "a"));
        pending.remove(label(2, "b").of(IMAGE));

        assertThat(pending.waitingFor(new ImageId("a"))).isEmpty();
        assertThat(pending.waitingCount() + pending.foundCount()).isZero();
        assertThat(store.approximateNumEntries()).isZero();
        assertThat(total).hasValue(0);
    }

    @Test
    void aSuccessorFindsAllLabelsAndTheirWaitBeginsAgain() {
        pending.add(label(1, "a"), 100);
        pending.addFound(label(2, "b").of(IMAGE));
        pending.close();
        assertThat(total).hasValue(0);

        PendingLabels successor = new PendingLabels(store, total);
        successor.restore("images", 5_000);

        assertThat(successor.oldest()).contains(new PendingLabels.Waiting(label(1, "a"), 5_000));
        assertThat(successor.firstFound(10)).containsExactly(label(2, "b").of(IMAGE));
        assertThat(total).hasValue(2);
    }

    @Test
    void noMoreFoundLabelsAreGivenThanAskedFor() {
        for (int i = 0; i < 5; i++) {
            pending.addFound(label(i, "image-" + i).of(IMAGE));
        }

        assertThat(pending.firstFound(2)).hasSize(2);
        assertThat(pending.foundCount()).isEqualTo(5);
    }

    @Test
    void afterTheClockWentBackEveryWaitBeginsAgain() {
        pending.add(label(1, "a"), 9_000);

        pending.waitAnew(100);

        assertThat(pending.oldest().orElseThrow().sinceMillis()).isEqualTo(100);
    }
}
