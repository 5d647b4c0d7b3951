package io.acclimate.minibatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@Tag("slow")
class MiniBatchPropertyTest {
    private static final Duration WAIT = Duration.ofMillis(400);

    /** Each number is one event: a label of one of three domains, good or bad, small or large, or time that passes. */
    @Property(tries = 40)
    void everyAcceptedSampleIsInExactlyOneMiniBatchInOrder(
            @ForAll @Size(max = 120) List<@IntRange(max = 99) Integer> events,
            @ForAll @IntRange(min = 1, max = 9) int maxSamples,
            @ForAll @IntRange(min = 200, max = 3_000) int maxBytes)
            throws IOException {
        Path directory = Files.createTempDirectory("minibatch-property");
        MiniBatchSettings settings = MiniBatchSettings.defaults()
                .withStreams(StreamsSettings.defaults().withPartitions(1))
                .withFlush(new FlushSettings(maxSamples, maxBytes, WAIT));
        Map<DomainId, List<String>> accepted = new HashMap<>();
        int refused = 0;
        List<MiniBatch> batches;
        try (LabelStream stream = new LabelStream(settings, directory)) {
            for (int i = 0; i < events.size(); i++) {
                int event = events.get(i);
                if (event < 10) {
                    stream.pass(Duration.ofMillis(event * 60L));
                    continue;
                }
                String domain = "site-" + event % 3;
                boolean good = event % 7 != 0;
                stream.send("i" + i, good ? "bag" : "nothing", domain, new byte[1 + event * event % 900]);
                if (good) {
                    accepted.computeIfAbsent(new DomainId(domain), d -> new ArrayList<>())
                            .add("i" + i);
                } else {
                    refused++;
                }
            }
            stream.pass(WAIT);
            stream.pass(WAIT);
            batches = stream.miniBatches();
            assertThat(stream.waiting()).isZero();
            assertThat(stream.deadLetters()).hasSize(refused);
        }

        Map<DomainId, List<String>> batched = new HashMap<>();
        Map<DomainId, Long> next = new HashMap<>();
        for (MiniBatch batch : batches) {
            assertThat(batch.sequence()).isEqualTo(next.getOrDefault(batch.domain(), 0L));
            next.put(batch.domain(), batch.sequence() + 1);
            assertThat(batch.samples()).hasSizeLessThanOrEqualTo(maxSamples);
            batched.computeIfAbsent(batch.domain(), d -> new ArrayList<>()).addAll(LabelStream.images(batch));
        }
        assertThat(batched).isEqualTo(accepted);
    }
}
