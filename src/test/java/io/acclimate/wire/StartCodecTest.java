package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.LabelledSample;
import io.acclimate.wire.v1.MiniBatch;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import io.acclimate.wire.v1.UnlabelledImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StartCodecTest {
    private static final DomainId SITE = new DomainId("site-1");
    private final StartCodec codec = new StartCodec();

    private static StartState state(int bytes) {
        return StartState.newBuilder()
                .setCheckpoint(Checkpoint.newBuilder().setDomain("site-1").setNextMiniBatch(18))
                .setActiveWeights(ByteString.copyFrom(new byte[bytes]))
                .addClasses("cat")
                .build();
    }

    private static StartSample sample(int index, int bytes) {
        return StartSample.newBuilder()
                .setAt(SampleRef.newBuilder().setOffset(40).setIndex(index))
                .setSample(LabelledSample.newBuilder().setImage(ByteString.copyFrom(new byte[bytes])))
                .build();
    }

    private List<StartPart> parts(StartState state, List<StartSample> samples) {
        List<StartPart> parts = new ArrayList<>();
        codec.parts(SITE, 7, 1, List.of(() -> state), samples, bytes -> parts.add(codec.part(bytes)));
        return parts;
    }

    @Test
    void aStartComesBackFromPartsBelowTheLimitOfWhichOnlyTheLastSaysSo() {
        StartState state = state(2 * Pieces.BYTES);
        List<StartSample> samples =
                IntStream.range(0, 7).mapToObj(i -> sample(i, Pieces.BYTES / 3)).toList();

        List<StartPart> parts = parts(state, samples);

        assertThat(parts).hasSize(3 + 4).allSatisfy(part -> {
            assertThat(part.getSerializedSize()).isLessThan(1_000_000);
            assertThat(part.getDomain()).isEqualTo("site-1");
            assertThat(part.getGeneration()).isEqualTo(7);
            assertThat(part.getSlot()).isEqualTo(1);
            assertThat(part.getLast()).isEqualTo(part.getIndex() == 6);
        });
        assertThat(parts).extracting(StartPart::getIndex).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(codec.state(
                        parts.subList(0, 3).stream().map(StartPart::getPayload).toList()))
                .isEqualTo(state);
        assertThat(parts.subList(3, 7).stream()
                        .flatMap(part -> part.getSamplesList().stream())
                        .toList())
                .isEqualTo(samples);
    }

    @Test
    void aStartWithoutSamplesEndsWithAnEmptyPart() {
        assertThat(parts(state(Pieces.BYTES), List.of()))
                .extracting(StartPart::getLast)
                .containsExactly(false, false, true);
    }

    @Test
    void aStateThatIsGivenInMessagesIsOneWhenItIsJoined() {
        StartState state = state(10);
        StartState checkpoint =
                StartState.newBuilder().setCheckpoint(state.getCheckpoint()).build();
        StartState rest = state.toBuilder().clearCheckpoint().build();
        List<ByteString> pieces = new ArrayList<>();

        codec.parts(
                SITE,
                7,
                1,
                List.of(() -> rest, () -> checkpoint),
                List.of(),
                bytes -> pieces.add(codec.part(bytes).getPayload()));

        assertThat(codec.state(pieces)).isEqualTo(state);
    }

    @Test
    void aSampleThatIsLargerThanAPartIsAPart() {
        List<StartPart> parts = parts(state(0), List.of(sample(0, 10), sample(1, 2 * Pieces.BYTES), sample(2, 10)));

        assertThat(parts).extracting(StartPart::getSamplesCount).containsExactly(0, 1, 1, 1);
    }

    @Test
    void samplesAreTakenOutOfAMiniBatchAsTheyAre() {
        MiniBatch labelled = MiniBatch.newBuilder()
                .addSamples(sample(0, 1).getSample())
                .addSamples(sample(1, 2).getSample())
                .build();
        UnlabelledImage image = UnlabelledImage.newBuilder().setImageId("image").build();
        MiniBatch unlabelled = MiniBatch.newBuilder().addUnlabelled(image).build();
        List<StartSample> taken = new ArrayList<>();

        codec.samples(labelled.toByteArray(), 40, ref -> ref.getIndex() == 1, taken::add);
        codec.samples(unlabelled.toByteArray(), 41, ref -> true, taken::add);

        assertThat(taken)
                .containsExactly(
                        sample(1, 2),
                        StartSample.newBuilder()
                                .setAt(SampleRef.newBuilder().setOffset(41))
                                .setUnlabelled(image)
                                .build());
    }

    @Test
    void aPassComesBackUnderAKeyThatNoDomainHas() {
        StartPass pass =
                StartPass.newBuilder().setPosition(9).setBefore(4).setMillis(1).build();

        assertThat(codec.part(codec.encode(pass)).getPass()).isEqualTo(pass);
        assertThat(new String(codec.passKey(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("/pass");
        assertThat(new String(codec.key(SITE, 1, 3), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("site-1/1/3");
    }

    @Test
    void aPartOfNoDomainIsRefused() {
        byte[] part = StartPart.newBuilder().setDomain("/").build().toByteArray();

        assertThatThrownBy(() -> codec.part(part))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("'/'");
        assertThatThrownBy(() -> codec.part(new byte[] {(byte) 0xff})).isInstanceOf(UnreadableRecordException.class);
    }
}
