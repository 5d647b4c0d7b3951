package io.acclimate.adapt.starts;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DomainId;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class KeptStartsTest {
    private static final DomainId SITE = new DomainId("site-1");

    private final StartCodec codec = new StartCodec();
    private final KeptStarts starts = new KeptStarts();
    private long offset;

    private void part(long generation, int slot, int index, boolean last) {
        add(StartPart.newBuilder()
                .setDomain("site-1")
                .setGeneration(generation)
                .setSlot(slot)
                .setIndex(index)
                .setLast(last)
                .build()
                .toByteArray());
    }

    private void add(byte[] value) {
        starts.add(new ConsumerRecord<>("adaptation-starts", 0, offset++, new byte[0], value));
    }

    @Test
    void knowsThePlacesOfBothStartsNewestFirst() {
        part(5, 0, 0, false);
        part(5, 0, 1, true);
        part(9, 1, 0, true);

        assertThat(starts.of(SITE))
                .containsExactly(
                        new KeptStart(SITE, 9, 1, List.of(2L), List.of()),
                        new KeptStart(SITE, 5, 0, List.of(0L, 1L), List.of()));
        assertThat(starts.nextSlot(SITE)).isZero();
        assertThat(starts.records(SITE, 0)).isEqualTo(2);
    }

    @Test
    void theNewStartOfASlotReplacesTheOldOneAlsoWhenItIsShorter() {
        part(5, 0, 0, false);
        part(5, 0, 1, true);
        part(9, 0, 0, true);

        assertThat(starts.of(SITE)).containsExactly(new KeptStart(SITE, 9, 0, List.of(2L), List.of()));
        assertThat(starts.nextSlot(SITE)).isEqualTo(1);
    }

    @Test
    void whatCompactionHasLeftOfAReplacedStartIsNone() {
        part(5, 0, 1, false);
        part(5, 0, 2, true);
        part(9, 0, 0, false);

        assertThat(starts.of(SITE)).isEmpty();
        assertThat(starts.nextSlot(SITE)).isZero();
    }

    @Test
    void aStartThatWasJustWrittenCountsAsRead() {
        part(5, 0, 0, true);

        starts.put(new KeptStart(SITE, 9, 1, List.of(7L), List.of()));

        assertThat(starts.of(SITE)).extracting(KeptStart::generation).containsExactly(9L, 5L);
        assertThat(starts.nextSlot(SITE)).isZero();
    }

    @Test
    void theLastPassCounts() {
        for (StartPass pass : List.of(
                StartPass.newBuilder().setPosition(4).build(),
                StartPass.newBuilder().setPosition(9).setBefore(4).build())) {
            codec.pass(pass, List.of(), (key, value) -> add(value));
        }
        starts.add(new ConsumerRecord<>("adaptation-starts", 0, offset, new byte[0], null));

        assertThat(starts.pass())
                .hasValueSatisfying(pass -> assertThat(pass.getBefore()).isEqualTo(4));
    }

    @Test
    void theLastPartOfAnOlderStartDoesNotCompleteOneThatWasBrokenOff() {
        part(7, 1, 0, true);
        part(5, 0, 0, false);
        part(5, 0, 1, false);
        part(5, 0, 2, true);
        part(9, 0, 0, false);
        part(9, 0, 1, false);

        assertThat(starts.of(SITE)).extracting(KeptStart::generation).containsExactly(7L);
        assertThat(starts.nextSlot(SITE)).isZero();
        assertThat(starts.records(SITE, 0)).as("to be deleted").isEqualTo(3);
    }

    @Test
    void aStartThatIsWrittenAgainAfterAKillHasOnlyThePartsOfTheSecondTry() {
        part(9, 0, 0, false);
        part(9, 0, 1, false);
        part(9, 0, 2, false);
        part(9, 0, 0, false);
        assertThat(starts.of(SITE)).isEmpty();

        part(9, 0, 1, true);

        assertThat(starts.of(SITE)).containsExactly(new KeptStart(SITE, 9, 0, List.of(3L, 4L), List.of()));
    }
}
