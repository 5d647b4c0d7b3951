package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.acclimate.onnx.card.CardDraft;
import io.acclimate.onnx.card.CardGuess;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.rewrite.HalfPrecision;
import io.acclimate.onnx.rewrite.Normaliser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A model as its file has it, checked and normalised, and what could be told about it. */
record ParsedModel(ModelProto model, CardGuess guess) {
    /**
     * Reads the bytes of a model file.
     *
     * @param file what messages call it
     * @param given what its card says
     * @param folder that external data may be in
     */
    static ParsedModel of(String file, byte[] onnx, Optional<CardDraft> given, Optional<Path> folder)
            throws InvalidModelException {
        try {
            ModelProto whole = new ExternalData(file, folder).inline(proto(onnx));
            GraphCheck check = new GraphCheck(file);
            check.parsed(whole);
            ModelProto wide = HalfPrecision.widened(whole);
            ModelProto model = new Normaliser(wide).normalise();
            check.normalised(model, wide.getSerializedSize());
            GraphProto graph = model.getGraph();
            if (graph.getInputCount() == 0 || graph.getOutputCount() == 0) {
                throw new InvalidModelException(file, "the graph has no input or no output");
            }
            String stem = Path.of(file).getFileName() == null
                    ? file
                    : Path.of(file).getFileName().toString().replaceFirst("\\.onnx$", "");
            return new ParsedModel(model, CardGuess.of(file, stem, model, given));
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidModelException(file, "not an ONNX model: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            // The second: a size in it that no number of ours can hold.
            throw new InvalidModelException(file, String.valueOf(e.getMessage()), e);
        } catch (OutOfMemoryError e) {
            throw tooLarge(file, e);
        }
    }

    /** The message points at the bytes that it is read from, so that a network's weights are not there twice. */
    private static ModelProto proto(byte[] onnx) throws InvalidProtocolBufferException {
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(onnx).newCodedInput();
        in.enableAliasing(true);
        try {
            ModelProto model = ModelProto.parseFrom(in);
            in.checkLastTagWas(0);
            return model;
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
    }

    static InvalidModelException tooLarge(String file, OutOfMemoryError e) {
        return new InvalidModelException(file, "takes more memory than this process may have: " + e.getMessage(), e);
    }
}
