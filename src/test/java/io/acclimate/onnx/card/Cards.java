package io.acclimate.onnx.card;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.ClassNames;
import io.acclimate.core.InputSpec;
import io.acclimate.onnx.GraphBuilder;
import java.util.List;
import java.util.Map;

/** A card for the tests, and graphs that it may fit. */
final class Cards {
    private Cards() {}

    /** Of a model from {@code image [batch, 1, 4, 6]} to {@code scores [batch, 2]}. */
    static ModelCard card() {
        return new ModelCard(
                "digits",
                "image",
                new InputSpec(
                        1,
                        4,
                        6,
                        InputSpec.Layout.NCHW,
                        InputSpec.Colour.GREY,
                        InputSpec.Resize.PAD,
                        List.of(0.1f),
                        List.of(0.3f)),
                "scores",
                ModelCard.OutputKind.LOGITS,
                new ClassNames(List.of("no", "1e3")),
                Map.of("seed", "7"));
    }

    static GraphProto graph(GraphBuilder builder) {
        return model(builder).getGraph();
    }

    static ModelProto model(GraphBuilder builder) {
        try {
            return ModelProto.parseFrom(builder.toOnnx());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
