package io.acclimate.minibatch;

import static io.acclimate.minibatch.LabelStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.telemetry.Meter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Served images that become images without labels among the mini-batches. */
@Tag("slow")
class UnlabelledTopologyTest {
    private static final int EACH = 4;
    private static final int BYTES = 1_000;

    @TempDir
    Path directory;

    private LabelStream stream;

    @BeforeEach
    void open() {
        stream = open(new MiniBatchSettings.Sampling(EACH));
    }

    private LabelStream open(MiniBatchSettings.Sampling unlabelled) {
        return new LabelStream(
                MiniBatchSettings.defaults()
                        .withStreams(StreamsSettings.defaults().withPartitions(1))
                        .withFlush(new FlushSettings(32, BYTES, Duration.ofSeconds(60)))
                        .withLabelLimits(new LabelLimits(0, 1, 1, DomainLimits.DEFAULT.withPlaces(2)))
                        .withUnlabelled(unlabelled),
                directory);
    }

    @AfterEach
    void close() {
        stream.close();
    }

    private void serve(int offset, String domain) {
        serve(offset, domain, 10);
    }

    private void serve(int offset, String domain, int bytes) {
        Coordinates at = new Coordinates("images", 0, offset);
        stream.images.put(at, Outcome.ok(new Payload(Bytes.wrap(new byte[bytes]), Optional.of("image/png"))));
        stream.predict(
                "image-" + offset,
                new byte[0],
                new RecordHeaders().add("ce_id", utf8(at.toString())).add("domain", utf8(domain)));
    }

    private void second() {
        stream.pass(Duration.ofSeconds(1));
    }

    @Test
    void takesABoundedSampleOfWhatADomainServesInASecond() {
        for (int i = 0; i < 100; i++) {
            serve(i, "site-a");
        }
        second();

        List<MiniBatch> batches = stream.miniBatches();
        assertThat(batches).singleElement().satisfies(batch -> {
            assertThat(batch.domain()).isEqualTo(new DomainId("site-a"));
            assertThat(batch.samples()).isEmpty();
            assertThat(batch.unlabelled()).hasSize(EACH).doesNotHaveDuplicates();
            assertThat(batch.unlabelled().stream()
                            .map(each -> each.at().offset())
                            .toList())
                    .as("a sample and not the first or last of them")
                    .isNotEqualTo(List.of(0L, 1L, 2L, 3L))
                    .isNotEqualTo(List.of(96L, 97L, 98L, 99L));
            assertThat(batch.unlabelled().get(0).image().contentType()).contains("image/png");
        });
        assertThat(stream.telemetry.total(Meter.UNLABELLED_BATCHED)).isEqualTo(EACH);
    }

    @Test
    void isNumberedAmongTheMiniBatchesOfLabelsWithoutGaps() {
        stream.send("labelled", "boot", "site-a", utf8("pixels"));
        serve(0, "site-a");
        second();
        stream.send("labelled-2", "boot", "site-a", utf8("pixels"));
        stream.pass(Duration.ofSeconds(61));

        List<MiniBatch> batches = stream.miniBatches();
        assertThat(batches).extracting(MiniBatch::sequence).containsExactly(0L, 1L, 2L);
        assertThat(batches).extracting(batch -> batch.unlabelled().size()).containsExactly(0, 1, 0);
        assertThat(stream.deadLetters()).isEmpty();
    }

    @Test
    void takesFewerWhenEnoughWereTaken() {
        int seconds = 0;
        for (int taken = 0; taken < MiniBatchSettings.Sampling.SOON; taken += EACH, seconds++) {
            for (int i = 0; i < EACH; i++) {
                serve(seconds * EACH + i, "site-a");
            }
            second();
        }
        int soon = stream.miniBatches().size();
        for (int i = 0; i < 60; i++) {
            serve(100_000 + i, "site-a");
            second();
        }

        assertThat(soon).isEqualTo(MiniBatchSettings.Sampling.SOON / EACH);
        assertThat(stream.miniBatches()).hasSizeLessThan(6);
    }

    @Test
    void takesNoMoreBytesThanAMiniBatchHolds() {
        for (int i = 0; i < EACH; i++) {
            serve(i, "site-a", BYTES / 2 - 1);
        }
        second();

        assertThat(stream.miniBatches()).singleElement().satisfies(batch -> assertThat(batch.unlabelled())
                .hasSize(2));
    }

    @Test
    void anImageThatIsLargerThanAMiniBatchIsTakenAlone() {
        for (int i = 0; i < EACH; i++) {
            serve(i, "site-a", BYTES + 1);
        }
        second();

        assertThat(stream.miniBatches()).singleElement().satisfies(batch -> assertThat(batch.unlabelled())
                .singleElement()
                .satisfies(each -> assertThat(each.image().bytes().array()).hasSize(BYTES + 1)));
    }

    @Test
    void readsNoMoreOfLargeImagesThanItTakes() {
        for (int i = 0; i < 10 * EACH; i++) {
            serve(i, "site-a", BYTES + 1);
            if (i % EACH == EACH - 1) {
                second();
            }
        }

        assertThat(stream.miniBatches()).hasSize(10);
        assertThat(stream.sampled).startsWith(EACH, 1, 1).hasSize(10);
    }

    @Test
    void oneReadIsForTheImagesOfAllDomains() {
        for (int i = 0; i < EACH; i++) {
            serve(2 * i, "site-a");
            serve(2 * i + 1, "site-b");
        }
        second();

        assertThat(stream.sampled).containsExactly(2 * EACH);
        assertThat(stream.miniBatches()).hasSize(2);
    }

    /** A read of all that a domain may give would hold a gigabyte of large images, and labels would wait for it. */
    @Test
    void aReadIsOfFewImagesAndTheNextOneGoesOn() {
        stream.close();
        stream = open(new MiniBatchSettings.Sampling(50));
        for (int i = 0; i < 100; i++) {
            serve(i, i % 2 == 0 ? "site-a" : "site-b");
        }
        for (int i = 0; i < 4; i++) {
            second();
        }

        assertThat(stream.sampled).containsExactly(32, 32, 32, 4);
        assertThat(stream.miniBatches())
                .extracting(batch -> batch.unlabelled().size())
                .containsExactlyInAnyOrder(50, 50);
    }

    @Test
    void whatIsNotAnsweredIsAskedAgainAfterTheOthersAndIsNoTry() {
        serve(0, "site-a");
        var pixels = Objects.requireNonNull(stream.images.remove(new Coordinates("images", 0, 0)));
        for (int i = 0; i < 2 * MiniBatchSettings.Sampling.SOON; i++) {
            second();
        }
        assertThat(stream.miniBatches()).isEmpty();

        stream.images.put(new Coordinates("images", 0, 0), pixels);
        serve(1, "site-a");
        second();
        second();

        assertThat(stream.miniBatches())
                .extracting(batch -> batch.unlabelled().get(0).at().offset())
                .as("and intervals are as short as at first")
                .containsExactly(0L, 1L);
    }

    @Test
    void readsFewerWhenEnoughWereReadAlsoWhereFewAreTaken() {
        for (int i = 0; i < 2 * MiniBatchSettings.Sampling.SOON / EACH; i++) {
            for (int j = 0; j < EACH; j++) {
                serve(EACH * i + j, "site-a");
                if (j > 0) {
                    stream.images.put(
                            new Coordinates("images", 0, EACH * i + j),
                            Outcome.refused(DeadLetterReason.MISSING_PIXELS, "gone"));
                }
            }
            second();
        }

        assertThat(stream.miniBatches())
                .as("one a second until so many were read, then in ever longer times")
                .hasSizeBetween(MiniBatchSettings.Sampling.SOON / EACH, MiniBatchSettings.Sampling.SOON / EACH + 10);
    }

    @Test
    void domainsWithImagesAloneAreBoundedAndTakeNoPlaceFromDomainsWithLabels() {
        for (int i = 0; i < 4; i++) {
            serve(i, "site-" + i);
        }
        second();
        stream.send("labelled", "boot", "another", utf8("pixels"));
        stream.send("labelled-2", "boot", "one-more", utf8("pixels"));

        assertThat(stream.miniBatches()).hasSize(2);
        assertThat(stream.deadLetters()).isEmpty();
    }

    @Test
    void domainThatIsNoLongerServedGivesItsPlaceToAnother() {
        serve(0, "made-up");
        serve(1, "site-a");
        second();
        serve(2, "site-b");
        second();
        assertThat(stream.miniBatches()).as("both places are taken").hasSize(2);
        for (int i = 0; i < 60; i++) {
            serve(10 + i, "site-a");
            second();
        }
        assertThat(stream.miniBatches()).isNotEmpty();

        serve(100, "site-b");
        serve(101, "site-c");
        second();

        assertThat(stream.miniBatches())
                .as("the place of the made-up domain is free, and the other one is in use")
                .extracting(MiniBatch::domain)
                .containsExactly(new DomainId("site-b"));
    }

    @Test
    void anImageWhoseBytesDoNotAnswerIsLeftOut() {
        serve(0, "site-a");
        serve(1, "site-a");
        stream.images.remove(new Coordinates("images", 0, 0));
        second();

        assertThat(stream.miniBatches()).singleElement().satisfies(batch -> assertThat(batch.unlabelled())
                .hasSize(1));
    }

    @Test
    void takesNothingUnlessAsked() {
        stream.close();
        stream = open(MiniBatchSettings.Sampling.OFF);
        serve(0, "site-a");
        second();

        assertThat(stream.miniBatches()).isEmpty();
    }
}
