package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.image.HostilePictures;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
import io.acclimate.train.TrainSettings;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Beside the test of the same name in serving: both hold their rows to the one decoder's, so they are each other's. */
class PictureTrainingTest {
    @Test
    void fault18TrainingSeesTheDecodersTensorOrADeadLetter() throws Exception {
        ImageDecoder images = new ImageDecoder(ImageLimits.defaults());
        try (BaseModel models = new BaseModel(BiasModel.graph(), TrainSettings.defaults())) {
            SampleDecoder decoder = new SampleDecoder(models, new ImageDecoder(ImageLimits.defaults()));
            HostilePictures.taken().forEach((name, file) -> {
                FloatTensor expected =
                        ((Outcome.Ok<FloatTensor>) images.toTensor(payload(file), BiasModel.INPUT)).value();
                Outcome<ReplaySample> sample = decoder.decode(sample(file), 7, 1);
                assertThat(((Outcome.Ok<ReplaySample>) sample).value().row())
                        .as(name)
                        .isEqualTo(expected);
            });
            HostilePictures.refused().forEach((name, file) -> assertThat(decoder.decode(sample(file), 7, 1))
                    .as(name)
                    .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(
                                    refused.refusal().reason())
                            .isIn(
                                    DeadLetterReason.UNDECODABLE_IMAGE,
                                    DeadLetterReason.IMAGE_TOO_LARGE,
                                    DeadLetterReason.EMPTY_VALUE)));
        }
    }

    private static Payload payload(byte[] file) {
        return new Payload(Bytes.wrap(file), Optional.empty());
    }

    private static LabelledSample sample(byte[] file) {
        return new LabelledSample(
                new ImageId("picture"), 1, "one", payload(file), new Coordinates("labels", 0, 0), Instant.EPOCH);
    }
}
