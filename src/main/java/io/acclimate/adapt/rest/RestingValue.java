package io.acclimate.adapt.rest;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value of a domain that is in memory only after it was asked for. It is written when the domain rests, unless it has not changed since it
 * was written last: most rounds of a domain ask for little of it and change nothing. One thread.
 */
public final class RestingValue<T> {
    private final Awake awake;
    private final Function<T, byte[]> writer;
    private final Function<byte[], T> reader;
    /** Null while it is in the file alone. */
    private @Nullable T value;
    /** Where the value is in the file; null when it is in memory alone. */
    private Awake.@Nullable Place place;

    public RestingValue(Awake awake, T value, Function<T, byte[]> writer, Function<byte[], T> reader) {
        this.awake = awake;
        this.value = value;
        this.writer = writer;
        this.reader = reader;
    }

    public T get() {
        T known = value;
        if (known != null) {
            return known;
        }
        Awake.Place at = place;
        if (at == null) {
            throw new IllegalStateException("the value was forgotten");
        }
        T read = reader.apply(awake.read(at));
        value = read;
        return read;
    }

    public void set(T changed) {
        forget();
        value = changed;
    }

    /** Gives the memory back. When the file cannot be written, the value stays in memory. */
    public void rest() {
        T known = value;
        if (known == null) {
            return;
        }
        if (place == null) {
            place = awake.put(writer.apply(known));
        }
        value = null;
    }

    /** The value is not needed any more. */
    public void forget() {
        Awake.Place old = place;
        place = null;
        value = null;
        if (old != null) {
            awake.forget(old);
        }
    }
}
