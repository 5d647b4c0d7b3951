package io.acclimate.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.Bytes;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartPlace;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Records of {@code adaptation-starts}: a start in parts below the message limit, with the keys {@code DOMAIN/SLOT/INDEX}, and the last
 * pass of a partition with the keys {@code /pass/INDEX} and at its end {@code /pass}, which no domain can have. A single sample that is larger than a part is a part. Stateless.
 */
public final class StartCodec {
    private static final String PASS = "/pass";
    private static final Pattern FIRST = Pattern.compile("([^/]+)/(\\d)/0");

    /** The largest row of a model, as floats. */
    private static final int MOST_PIXEL_BYTES = 64 << 20;

    public byte[] key(DomainId domain, int slot, int index) {
        return (domain + "/" + slot + "/" + index).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * One of the places that a domain has for starts.
     *
     * @param number from 0
     */
    public record Slot(DomainId domain, int number) {}

    /** The slot whose first part has this key; empty for any other key. */
    public static Optional<Slot> firstOf(byte @Nullable [] key) {
        Matcher match = FIRST.matcher(key == null ? "" : new String(key, StandardCharsets.UTF_8));
        return match.matches() && DomainId.isValid(match.group(1))
                ? Optional.of(new Slot(new DomainId(match.group(1)), Integer.parseInt(match.group(2))))
                : Optional.empty();
    }

    /** True for the record that ends a pass. */
    public static boolean endsPass(byte[] key) {
        return Arrays.equals(key, PASS.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes one record's key and value. */
    @FunctionalInterface
    public interface RecordSink {
        void accept(byte[] key, byte[] value);
    }

    /** Gives the records of a pass in their order, which have {@code places} in groups below the message limit. */
    public void pass(StartPass pass, List<StartPlace> places, RecordSink each) {
        int records = 1;
        StartPass.Builder next = pass.toBuilder().clearPlaces();
        int bytes = 0;
        for (StartPlace place : places) {
            if (bytes > 0 && bytes + place.getSerializedSize() > Pieces.BYTES) {
                each.accept((PASS + "/" + (records - 1)).getBytes(StandardCharsets.UTF_8), encode(next));
                records++;
                next.clearPlaces();
                bytes = 0;
            }
            next.addPlaces(place);
            bytes += place.getSerializedSize();
        }
        each.accept(PASS.getBytes(StandardCharsets.UTF_8), encode(next.setRecords(records)));
    }

    private static byte[] encode(StartPass.Builder pass) {
        return StartPart.newBuilder().setPass(pass).build().toByteArray();
    }

    /**
     * Gives a start's parts in the order of their indexes, one at a time.
     *
     * @param state in messages that are made one after another, since all of it has each trained weight four times; joined they are one
     * @param form of the samples' pixels
     * @param samples in the last part or parts
     */
    public void parts(
            DomainId domain,
            long generation,
            int slot,
            List<Supplier<StartState>> state,
            String form,
            Collection<StartSample> samples,
            Consumer<byte[]> each) {
        StartParts parts =
                new StartParts(domain, generation, slot, form, (index, ofSamples, value) -> each.accept(value));
        parts.state(state);
        parts.end(samples);
    }

    /**
     * Reads one record's value.
     *
     * @throws UnreadableRecordException when it is no part of a start and no pass
     */
    public StartPart part(byte[] value) {
        try {
            StartPart part = StartPart.parseFrom(value);
            if (!part.hasPass() && !DomainId.isValid(part.getDomain())) {
                throw new UnreadableRecordException("a part of a start names the domain '" + part.getDomain() + "'");
            }
            return part;
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException("not a part of a start: " + e.getMessage(), e);
        }
    }

    /**
     * Joins the pieces of a state.
     *
     * @throws UnreadableRecordException when they are none
     */
    public StartState state(List<ByteString> pieces) {
        try {
            return StartState.parseFrom(ByteString.copyFrom(pieces));
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException("the joined state of a start is unreadable: " + e.getMessage(), e);
        }
    }

    /** Adds pixels to a sample, deflated if that makes them smaller: those of most pictures with few colours. */
    public StartSample withPixels(StartSample.Builder sample, Bytes pixels) {
        byte[] smaller = new byte[pixels.size()];
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(pixels.array());
            deflater.finish();
            int size = deflater.deflate(smaller);
            return deflater.finished() && size < smaller.length
                    ? sample.setPixels(ByteString.copyFrom(smaller, 0, size))
                            .setInflated(pixels.size())
                            .build()
                    : sample.setPixels(ByteString.copyFrom(pixels.array())).build();
        } finally {
            deflater.end();
        }
    }

    /**
     * The pixels that {@link #withPixels} added.
     *
     * @throws UnreadableRecordException when they cannot be inflated to their size
     */
    public Bytes pixels(StartSample sample) {
        if (sample.getInflated() == 0) {
            return Bytes.wrap(sample.getPixels().toByteArray());
        }
        if (sample.getInflated() < 0 || sample.getInflated() > MOST_PIXEL_BYTES) {
            throw new UnreadableRecordException(
                    "a sample of a start claims " + sample.getInflated() + " bytes of pixels");
        }
        byte[] pixels = new byte[sample.getInflated()];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(sample.getPixels().toByteArray());
            if (inflater.inflate(pixels) != pixels.length) {
                throw new UnreadableRecordException(
                        "a sample of a start has fewer bytes of pixels than the " + pixels.length + " that it names");
            }
            return Bytes.wrap(pixels);
        } catch (DataFormatException e) {
            throw new UnreadableRecordException("the pixels of a sample cannot be inflated: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }
}
