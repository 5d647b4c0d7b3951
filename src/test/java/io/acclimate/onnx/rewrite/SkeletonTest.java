package io.acclimate.onnx.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.acclimate.core.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SkeletonTest {
    private static final ModelProto MODEL = Graphs.model(Graphs.images()
            .weight("w", Graphs.ramp(3, 5))
            .weight("bound", Graphs.ramp(1))
            .constant("axes", 1)
            .node("Relu", List.of("x"), List.of("y"), Map.of())
            .output("y", Shape.of(3, 4, 4)));

    @Test
    void aWeightBecomesAReferenceThatKeepsShapeTypeAndLength() throws Exception {
        TensorProto weight =
                ModelProto.parseFrom(Skeleton.of(MODEL, Set.of("w"))).getGraph().getInitializer(0);

        Map<String, String> reference = weight.getExternalDataList().stream()
                .collect(Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
        assertThat(reference).isEqualTo(Map.of("location", "w0", "offset", "0", "length", "60"));
        assertThat(weight.getDataLocation()).isEqualTo(TensorProto.DataLocation.EXTERNAL);
        assertThat(weight.getRawData().size()).isZero();
        assertThat(weight.getDimsList()).containsExactly(3L, 5L);
    }

    @Test
    void whatIsNoWeightStaysAsItIs() throws Exception {
        ModelProto skeleton = ModelProto.parseFrom(Skeleton.of(MODEL, Set.of("w")));

        assertThat(skeleton.getGraph().getInitializerList().subList(1, 3))
                .isEqualTo(MODEL.getGraph().getInitializerList().subList(1, 3));
        assertThat(skeleton.getGraph().getNodeList()).isEqualTo(MODEL.getGraph().getNodeList());
        assertThat(ModelProto.parseFrom(Skeleton.of(MODEL, Set.of()))).isEqualTo(MODEL);
    }

    @Test
    void anEmptiedModelHasNoValuesAndIsFilledToWhatItWas() {
        ModelProto emptied = Skeleton.emptied(MODEL, Set.of("w"));

        assertThat(emptied.getGraph().getInitializer(0).getRawData().isEmpty()).isTrue();
        assertThat(emptied.getGraph().getInitializerList().subList(1, 3))
                .isEqualTo(MODEL.getGraph().getInitializerList().subList(1, 3));
        assertThat(Skeleton.filled(emptied, Map.of("w", Graphs.ramp(3, 5)))).isEqualTo(MODEL);
    }
}
