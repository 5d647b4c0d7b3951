package io.acclimate.minibatch.state;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImageIndexTest {
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final long NOON = 1_767_268_800_000L;
    private static final ImageId CAT = new ImageId("cat");

    private final WindowStore<Bytes, byte[]> store = Stores.windowStoreBuilder(
                    Stores.inMemoryWindowStore(ImageIndex.STORE, RETENTION, Duration.ofMillis(1), false),
                    Serdes.Bytes(),
                    Serdes.ByteArray())
            .withLoggingDisabled()
            .build();

    private final ImageIndex index = new ImageIndex(store, "images", RETENTION);

    @BeforeEach
    void open() {
        store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
    }

    private static ServedImage image(long offset) {
        return ServedImage.unlabelled(new Coordinates("images", 0, offset), new DomainId("site-1"));
    }

    private void add(long offset, long nowMillis) {
        index.add(utf8("cat"), image(offset).toBytes(), nowMillis);
    }

    @Test
    void anIdIsOfTheImageThatWasPredictedLast() {
        add(7, NOON);
        add(8, NOON + 10);

        assertThat(index.newest(CAT, NOON + 20).orElseThrow().image()).isEqualTo(image(8));
        assertThat(index.newest(new ImageId("dog"), NOON + 20)).isEmpty();
    }

    @Test
    void anImageIsForgottenAfterTheRetention() {
        add(7, NOON);

        assertThat(index.newest(CAT, NOON + RETENTION.toMillis())).isPresent();
        assertThat(index.newest(CAT, NOON + RETENTION.toMillis() + 1)).isEmpty();
    }

    @Test
    void aLabelStaysWithItsImageWhenThatIsPredictedAgain() {
        add(7, NOON);
        index.label(CAT, index.newest(CAT, NOON).orElseThrow(), "boot");
        add(7, NOON + 10);

        assertThat(index.newest(CAT, NOON + 20).orElseThrow().image()).isEqualTo(image(7).labelled("boot"));
    }

    @Test
    void aLabelIsNotThatOfAnotherImageWithTheSameId() {
        add(7, NOON);
        index.label(CAT, index.newest(CAT, NOON).orElseThrow(), "boot");
        add(8, NOON + 10);

        assertThat(index.newest(CAT, NOON + 20).orElseThrow().image().isLabelled())
                .isFalse();
    }
}
