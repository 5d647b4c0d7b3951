package io.acclimate.fuzz;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Refusal;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.SessionSettings;
import io.acclimate.infer.WarmUp;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.CardYaml;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.VersionCodec;
import io.acclimate.wire.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * What the fuzzer calls, one class a reader. Each may end with the reader's documented refusal only: another exception, a hang
 * or a dead JVM is a finding.
 */
public final class FuzzTargets {
    private FuzzTargets() {}

    /** The readers, each in its place in {@link #ALL}. */
    static final List<Class<?>> READERS = List.of(
            Images.class, Records.class, Codecs.class, Cards.class, Models.class, Sessions.class, Kernels.class);

    private static final List<Consumer<byte[]>> ALL = List.of(
            Images::fuzzerTestOneInput,
            Records::fuzzerTestOneInput,
            Codecs::fuzzerTestOneInput,
            Cards::fuzzerTestOneInput,
            Models::fuzzerTestOneInput,
            Sessions::fuzzerTestOneInput,
            Kernels::fuzzerTestOneInput);

    /**
     * All readers in one process, since most of a short run is Jazzer's start. The first byte says which reader has the others, unless
     * the system property {@value #ALONE} holds the place of one in {@link #READERS}.
     */
    public static final class All {
        static final String ALONE = "acclimate.fuzz.alone";

        public static void fuzzerTestOneInput(byte[] data) {
            if (data.length > 0) {
                int reader = Integer.getInteger(ALONE, Math.floorMod(data[0], ALL.size()));
                ALL.get(reader).accept(Arrays.copyOfRange(data, 1, data.length));
            }
        }

        /** What {@link #fuzzerTestOneInput} takes for {@code input} of this reader. */
        static byte[] input(Class<?> reader, byte[] input) {
            byte[] data = new byte[input.length + 1];
            data[0] = (byte) READERS.indexOf(reader);
            System.arraycopy(input, 0, data, 1, input.length);
            return data;
        }
    }

    /** The bytes of an image record. */
    public static final class Images {
        private static final InputSpec SPEC = new InputSpec(
                3,
                8,
                8,
                InputSpec.Layout.NCHW,
                InputSpec.Colour.RGB,
                InputSpec.Resize.CROP,
                List.of(0f, 0f, 0f),
                List.of(1f, 1f, 1f));
        private static final ImageDecoder DECODER = new ImageDecoder(new ImageLimits(1 << 20, 1_000_000));

        public static void fuzzerTestOneInput(byte[] file) {
            var row = DECODER.toTensor(new Payload(Bytes.wrap(file), Optional.empty()), SPEC);
            if (row instanceof Outcome.Ok<?> && file.length == 0) {
                throw new AssertionError("nothing became an image");
            }
            if (row instanceof Outcome.Refused<?> refused
                    && refused.refusal().message().startsWith(ImageDecoder.FAULT)) {
                throw new AssertionError(refused.refusal().message());
            }
            DECODER.toTensor(new Payload(Bytes.wrap(file), Optional.of(Payload.TENSOR_F32)), SPEC);
        }
    }

    /** Key, value and headers of a record, and the dead letter of it. The first bytes say how long each is. */
    public static final class Records {
        public static void fuzzerTestOneInput(byte[] data) {
            Cuts cuts = new Cuts(data);
            byte[] key = cuts.next();
            RecordHeaders headers = new RecordHeaders();
            for (String name : List.of(
                    ContractHeaders.DOMAIN,
                    ContractHeaders.LABEL,
                    ContractHeaders.CONTENT_TYPE,
                    DeadLetters.OFFSET,
                    DeadLetters.TIMESTAMP)) {
                headers.add(name, cuts.next());
            }
            headers.add(new String(cuts.next(), StandardCharsets.UTF_8), cuts.next());
            Coordinates at = new Coordinates("images", 3, 14);
            ContractHeaders.domain(headers);
            ContractHeaders.label(headers);
            ContractHeaders.contentType(headers);
            ContractHeaders.imageId(key, at);
            byte[] value = cuts.rest();
            DeadLetters.parse(consumed(key, value, headers));

            Refusal refusal =
                    new Refusal(DeadLetterReason.INVALID_HEADER, new String(key, StandardCharsets.ISO_8859_1));
            ProducerRecord<byte[], byte[]> letter =
                    DeadLetters.record("letters", at, 1, key, value, headers, refusal, "serve");
            ConsumerRecord<byte[], byte[]> back = consumed(letter.key(), letter.value(), letter.headers());
            if (!(DeadLetters.parse(back) instanceof Outcome.Ok<DeadLetters.DeadLetter> read)
                    || read.value().reason() != refusal.reason()
                    || !read.value().input().equals(at)) {
                throw new AssertionError("a dead letter does not read back");
            }
            DeadLetters.json(read.value(), back);
        }

        private static ConsumerRecord<byte[], byte[]> consumed(
                byte[] key, byte[] value, org.apache.kafka.common.header.Headers headers) {
            return new ConsumerRecord<>(
                    "letters", 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
        }
    }

    /** Bytes in runs: a length, then so many. */
    private static final class Cuts {
        private final byte[] data;
        private int at;

        Cuts(byte[] data) {
            this.data = data;
        }

        byte[] next() {
            int length = at < data.length ? Math.min(data[at++] & 0xff, data.length - at) : 0;
            at += length;
            return Arrays.copyOfRange(data, at - length, at);
        }

        byte[] rest() {
            return Arrays.copyOfRange(data, at, data.length);
        }
    }

    /** Structured records, the first byte says of which topic: what is read is written and read again as the same. */
    public static final class Codecs {
        private static final MiniBatchCodec BATCHES = new MiniBatchCodec();
        private static final ControlCodec CONTROLS = new ControlCodec();
        private static final EventCodec EVENTS = new EventCodec(WireFormat.JSON);
        private static final PredictionCodec PREDICTIONS = new PredictionCodec(WireFormat.PROTOBUF);
        private static final VersionCodec VERSIONS = new VersionCodec();

        public static void fuzzerTestOneInput(byte[] data) {
            if (data.length == 0) {
                return;
            }
            byte[] value = Arrays.copyOfRange(data, 1, data.length);
            try {
                switch (Math.floorMod(data[0], 8)) {
                    case 0 -> stable(value, bytes -> BATCHES.encode(BATCHES.decode(bytes)));
                    case 1 -> stable(value, bytes -> BATCHES.encodeSample(BATCHES.decodeSample(bytes)));
                    case 2 -> stable(value, bytes -> CONTROLS.encode(CONTROLS.decode(bytes)));
                    case 3 -> stable(value, bytes -> EVENTS.encode(EVENTS.decode(bytes)));
                    case 4 -> stable(value, bytes -> PREDICTIONS.encode(PREDICTIONS.decode(bytes)));
                    case 5 -> VERSIONS.decode(value);
                    case 6 -> {
                        StateCodec.Assembly assembly = new StateCodec.Assembly();
                        assembly.add(value);
                        assembly.complete();
                    }
                    default -> delta(value);
                }
            } catch (UnreadableRecordException documented) {
                return;
            }
        }

        private static void delta(byte[] value) {
            WeightDelta delta;
            try {
                delta = WeightDelta.parse(value);
            } catch (IllegalArgumentException documented) {
                return;
            }
            if (!WeightDelta.parse(delta.toBytes()).equals(delta)) {
                throw new AssertionError("a delta does not read back");
            }
        }

        private static void stable(byte[] value, UnaryOperator<byte[]> around) {
            byte[] once = around.apply(value);
            if (!Arrays.equals(once, around.apply(once))) {
                throw new AssertionError("a record does not read back");
            }
        }
    }

    /** A card's text. */
    public static final class Cards {
        public static void fuzzerTestOneInput(byte[] text) {
            try {
                ModelCard card = CardYaml.parse("card.yaml", new String(text, StandardCharsets.UTF_8));
                if (!CardYaml.parse("card.yaml", CardYaml.write(card)).equals(card)) {
                    throw new AssertionError("a card does not read back");
                }
            } catch (InvalidModelException documented) {
                return;
            }
        }
    }

    /** A model file without a card, up to what ONNX Runtime is given. */
    public static final class Models {
        private static final Path FILE = file();

        public static void fuzzerTestOneInput(byte[] onnx) {
            read(onnx).ifPresent(graph -> {
                graph.nodes();
                graph.constants();
                graph.skeleton();
            });
        }

        private static Path file() {
            try {
                Path file = Files.createTempFile("model", ".onnx");
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Optional<ModelGraph> read(byte[] onnx) {
            try {
                return Optional.of(ModelGraph.read(Files.write(FILE, onnx)));
            } catch (InvalidModelException documented) {
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The same after edits that a script says: its first byte names the model. */
    public static final class Kernels {
        public static void fuzzerTestOneInput(byte[] script) {
            List<byte[]> models = Seeds.models();
            if (script.length > 0) {
                byte[] onnx = models.get(Math.floorMod(script[0], models.size()));
                Sessions.fuzzerTestOneInput(GraphEdits.apply(onnx, Arrays.copyOfRange(script, 1, script.length)));
            }
        }
    }

    /** The same, opened in ONNX Runtime and run, as a start or a swap does. */
    public static final class Sessions {
        public static void fuzzerTestOneInput(byte[] onnx) {
            Optional<ModelGraph> graph = Models.read(onnx);
            if (graph.isEmpty()) {
                return;
            }
            try (ModelSession session = ModelSession.open(graph.get(), WeightDelta.EMPTY, SessionSettings.defaults())) {
                WarmUp.run(session, graph.get().card(), 2);
            } catch (InvalidModelException documented) {
                return;
            }
        }
    }
}
