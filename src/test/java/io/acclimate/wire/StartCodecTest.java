package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.acclimate.core.Bytes;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.LabelledSample;
import io.acclimate.wire.v1.SampleRef;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartPlace;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
        codec.parts(SITE, 7, 1, List.of(() -> state), "levels", samples, bytes -> parts.add(codec.part(bytes)));
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
        assertThat(parts).extracting(StartPart::getForm).containsOnly("", "levels");
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
                "levels",
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
    void pixelsComeBackDeflatedWhereThatIsSmaller() {
        byte[] noise = new byte[300];
        new Random(1).nextBytes(noise);

        StartSample flat = codec.withPixels(StartSample.newBuilder(), Bytes.wrap(new byte[3072]));
        StartSample noisy = codec.withPixels(StartSample.newBuilder(), Bytes.wrap(noise));

        assertThat(flat.getInflated()).isEqualTo(3072);
        assertThat(flat.getPixels().size()).isLessThan(100);
        assertThat(codec.pixels(flat)).isEqualTo(Bytes.wrap(new byte[3072]));
        assertThat(noisy.getInflated()).isZero();
        assertThat(codec.pixels(noisy)).isEqualTo(Bytes.wrap(noise));
    }

    @Test
    void pixelsThatCannotBeInflatedToTheirSizeAreRefused() {
        StartSample flat = codec.withPixels(StartSample.newBuilder(), Bytes.wrap(new byte[3072]));

        for (StartSample damaged : List.of(
                flat.toBuilder().setInflated(3073).build(),
                flat.toBuilder().setInflated(-1).build(),
                flat.toBuilder().setInflated(Integer.MAX_VALUE).build(),
                flat.toBuilder().setPixels(ByteString.copyFromUtf8("none")).build())) {
            assertThatThrownBy(() -> codec.pixels(damaged)).isInstanceOf(UnreadableRecordException.class);
        }
    }

    private List<String> pass(StartPass pass, List<StartPlace> places, List<StartPass> into) {
        List<String> keys = new ArrayList<>();
        codec.pass(pass, places, (key, value) -> {
            keys.add(new String(key, StandardCharsets.UTF_8));
            into.add(codec.part(value).getPass());
            assertThat(StartCodec.endsPass(key))
                    .isEqualTo(keys.get(keys.size() - 1).equals("/pass"));
        });
        return keys;
    }

    @Test
    void aPassComesBackUnderAKeyThatNoDomainHas() {
        StartPass pass =
                StartPass.newBuilder().setPosition(9).setBefore(4).setMillis(1).build();
        List<StartPass> read = new ArrayList<>();

        assertThat(pass(pass, List.of(), read)).containsExactly("/pass");
        assertThat(read).containsExactly(pass.toBuilder().setRecords(1).build());
        assertThat(new String(codec.key(SITE, 1, 3), StandardCharsets.UTF_8)).isEqualTo("site-1/1/3");
    }

    @Test
    void thePlacesOfAPassAreInRecordsBelowTheLimitOfWhichOnlyTheLastEndsIt() {
        StartPass pass = StartPass.newBuilder().setPosition(9).build();
        List<StartPlace> places = IntStream.range(0, 3)
                .mapToObj(i -> StartPlace.newBuilder()
                        .setDomain("site-" + i)
                        .addAllSamples(Collections.nCopies(Pieces.BYTES / 2 + 1, 1L))
                        .build())
                .toList();
        List<StartPass> read = new ArrayList<>();

        assertThat(pass(pass, places, read)).containsExactly("/pass/0", "/pass/1", "/pass");
        assertThat(read).extracting(StartPass::getRecords).containsExactly(0, 0, 3);
        assertThat(read).extracting(StartPass::getPosition).containsOnly(9L);
        assertThat(read.stream().flatMap(each -> each.getPlacesList().stream()).toList())
                .isEqualTo(places);
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
