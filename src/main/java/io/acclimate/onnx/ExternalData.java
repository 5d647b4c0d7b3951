package io.acclimate.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.acclimate.core.Shape;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.onnx.node.Tensors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings external tensor data into the model, from inside the model's own folder only. A location that is absolute, leaves
 * the folder by {@code ..} or by a link, or is anywhere but in a top-level initializer is refused before a byte is read.
 */
final class ExternalData {
    private final String file;
    private final Optional<Path> folder;
    /** How many bytes the files read so far have. */
    private final Map<Path, Long> sizes = new HashMap<>();

    private long loaded;

    ExternalData(String file, Optional<Path> folder) {
        this.file = file;
        this.folder = folder;
    }

    ModelProto inline(ModelProto model) throws InvalidModelException {
        ModelProto.Builder inlined = model.toBuilder();
        GraphProto.Builder graph = inlined.getGraphBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            if (isExternal(tensor)) {
                graph.setInitializer(i, load(tensor));
            }
        }
        ModelProto result = inlined.build();
        refuseAnywhere(result);
        return result;
    }

    private static boolean isExternal(TensorProto tensor) {
        return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL || tensor.getExternalDataCount() > 0;
    }

    private void refuseAnywhere(Message message) throws InvalidModelException {
        if (message instanceof TensorProto tensor) {
            if (isExternal(tensor)) {
                throw refusal(tensor, "external data is read for top-level initializers only");
            }
            return;
        }
        for (Object value : message.getAllFields().values()) {
            for (Object each : value instanceof Iterable<?> list ? list : List.of(value)) {
                if (each instanceof Message inner) {
                    refuseAnywhere(inner);
                }
            }
        }
    }

    private TensorProto load(TensorProto tensor) throws InvalidModelException {
        Path home = folder.orElse(null);
        if (home == null) {
            throw refusal(tensor, "a model given as bytes has no folder to read external data from");
        }
        String location = entry(tensor, "location", "");
        try {
            Path relative = Path.of(location);
            Path base = home.toRealPath();
            if (location.isEmpty()
                    || relative.isAbsolute()
                    || !base.resolve(relative).normalize().startsWith(base)) {
                throw refusal(tensor, "external data at '" + location + "' is outside the model's folder");
            }
            Path real = base.resolve(relative).toRealPath();
            if (!real.startsWith(base)) {
                throw refusal(tensor, "external data at '" + location + "' leaves the model's folder through a link");
            }
            if (!Files.isRegularFile(real)) {
                throw refusal(tensor, "external data at '" + location + "' is no regular file");
            }
            long offset = Long.parseLong(entry(tensor, "offset", "0"));
            Shape shape = Tensors.shape(tensor);
            try (RandomAccessFile data = new RandomAccessFile(real.toFile(), "r")) {
                long length = Long.parseLong(entry(tensor, "length", String.valueOf(data.length() - offset)));
                if (offset < 0 || length < 0 || offset > data.length() - length || length > shape.elements() * 8) {
                    throw refusal(
                            tensor,
                            "external data " + offset + "+" + length + " does not fit file '" + location
                                    + "' and shape " + shape);
                }
                sizes.put(real, data.length());
                loaded += length;
                if (loaded
                        > 4 * sizes.values().stream().mapToLong(Long::longValue).sum()) {
                    throw refusal(tensor, "too many tensors share the external data of '" + location + "'");
                }
                byte[] bytes = new byte[Math.toIntExact(length)];
                data.seek(offset);
                data.readFully(bytes);
                return tensor.toBuilder()
                        .clearExternalData()
                        .clearDataLocation()
                        .setRawData(ByteString.copyFrom(bytes))
                        .build();
            }
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new InvalidModelException(
                    file,
                    "tensor '" + tensor.getName() + "': external data at '" + location + "' cannot be read: " + e,
                    e);
        }
    }

    private static String entry(TensorProto tensor, String key, String absent) {
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            if (entry.getKey().equals(key)) {
                return entry.getValue();
            }
        }
        return absent;
    }

    private InvalidModelException refusal(TensorProto tensor, String reason) {
        return new InvalidModelException(file, "tensor '" + tensor.getName() + "': " + reason);
    }
}
