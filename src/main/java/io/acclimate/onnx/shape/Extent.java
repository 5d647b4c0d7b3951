package io.acclimate.onnx.shape;

/**
 * An integer of a graph before anything runs, an extent of a shape or an element of shape arithmetic: a number, a multiple of the
 * batch, or unknown. What arithmetic cannot say stays unknown.
 */
public record Extent(Kind kind, long factor) {
    public enum Kind {
        NUMBER,
        /** {@code factor} times the batch, with the batch as the outer index where it is an extent. */
        BATCH,
        UNKNOWN
    }

    public static final Extent UNKNOWN = new Extent(Kind.UNKNOWN, 0);
    public static final Extent BATCH = new Extent(Kind.BATCH, 1);
    static final Extent ONE = of(1);

    public static Extent of(long number) {
        return new Extent(Kind.NUMBER, number);
    }

    public boolean isNumber() {
        return kind == Kind.NUMBER;
    }

    public boolean isNumber(long number) {
        return isNumber() && factor == number;
    }

    public boolean isBatch() {
        return kind == Kind.BATCH;
    }

    boolean isKnown() {
        return kind != Kind.UNKNOWN;
    }

    private static Extent batches(long factor) {
        return factor == 0 ? of(0) : new Extent(Kind.BATCH, factor);
    }

    Extent plus(Extent other) {
        if (isNumber() && other.isNumber()) {
            return of(factor + other.factor);
        }
        if (isNumber(0) || other.isNumber(0)) {
            return isNumber(0) ? other : this;
        }
        return isBatch() && other.isBatch() ? batches(factor + other.factor) : UNKNOWN;
    }

    Extent minus(Extent other) {
        return plus(other.times(of(-1)));
    }

    Extent times(Extent other) {
        if (isNumber() && other.isNumber()) {
            return of(Math.multiplyExact(factor, other.factor));
        }
        boolean linear = isKnown() && other.isKnown() && !(isBatch() && other.isBatch());
        return linear ? batches(Math.multiplyExact(factor, other.factor)) : UNKNOWN;
    }

    /** Truncated as ONNX does; of a multiple of the batch only what divides for every batch. */
    Extent over(Extent divisor) {
        if (!isKnown() || !divisor.isKnown() || divisor.factor == 0) {
            return UNKNOWN;
        }
        if (isNumber() && divisor.isNumber()) {
            return of(factor / divisor.factor);
        }
        boolean divides = isBatch() && factor % divisor.factor == 0;
        return !divides ? UNKNOWN : divisor.isBatch() ? of(factor / divisor.factor) : batches(factor / divisor.factor);
    }

    /** The remainder with the divisor's sign. */
    Extent modulo(Extent divisor) {
        return isNumber() && divisor.isNumber() && divisor.factor != 0
                ? of(Math.floorMod(factor, divisor.factor))
                : UNKNOWN;
    }

    /** 1, 0 or unknown; a batch has one row or more. */
    Extent equalTo(Extent other) {
        if (!isKnown() || !other.isKnown()) {
            return UNKNOWN;
        }
        if (kind == other.kind) {
            return of(factor == other.factor ? 1 : 0);
        }
        Extent batch = isBatch() ? this : other;
        Extent number = isBatch() ? other : this;
        return batch.factor > 0 && number.factor < batch.factor ? of(0) : UNKNOWN;
    }

    /** 1, 0 or unknown. */
    Extent lessThan(Extent other) {
        if (isNumber() && other.isNumber()) {
            return of(factor < other.factor ? 1 : 0);
        }
        return isNumber() && other.isBatch() && factor < other.factor ? ONE : UNKNOWN;
    }
}
