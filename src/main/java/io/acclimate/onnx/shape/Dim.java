package io.acclimate.onnx.shape;

import java.util.List;

/**
 * An integer of a graph before anything runs: an extent of a shape, or an element of shape arithmetic. It is a number, a multiple
 * of the batch, or unknown. Arithmetic whose result cannot be told gives the unknown one.
 *
 * @param factor the number, or how many times the batch
 */
public record Dim(Kind kind, long factor) {
    public enum Kind {
        NUMBER,
        /** {@code factor} times the batch, with the batch as the outer index where it is an extent. */
        BATCH,
        UNKNOWN
    }

    public static final Dim UNKNOWN = new Dim(Kind.UNKNOWN, 0);
    public static final Dim BATCH = new Dim(Kind.BATCH, 1);
    static final Dim ONE = of(1);

    public static Dim of(long number) {
        return new Dim(Kind.NUMBER, number);
    }

    /** How many elements a shape has. */
    public static Dim product(List<Dim> extents) {
        return extents.stream().reduce(ONE, Dim::times);
    }

    /** How many elements lie outside the batch, which is how often its rows repeat; unknown for a shape without the batch. */
    public static Dim outsideBatch(List<Dim> shape) {
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i).isBatch()) {
                return product(shape.subList(0, i));
            }
        }
        return UNKNOWN;
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

    private static Dim batches(long factor) {
        return factor == 0 ? of(0) : new Dim(Kind.BATCH, factor);
    }

    Dim plus(Dim other) {
        if (isNumber() && other.isNumber()) {
            return of(factor + other.factor);
        }
        if (isNumber(0) || other.isNumber(0)) {
            return isNumber(0) ? other : this;
        }
        return isBatch() && other.isBatch() ? batches(factor + other.factor) : UNKNOWN;
    }

    Dim minus(Dim other) {
        return plus(other.times(of(-1)));
    }

    Dim times(Dim other) {
        if (isNumber() && other.isNumber()) {
            return of(Math.multiplyExact(factor, other.factor));
        }
        boolean linear = isKnown() && other.isKnown() && !(isBatch() && other.isBatch());
        return linear ? batches(Math.multiplyExact(factor, other.factor)) : UNKNOWN;
    }

    /** The quotient, truncated as in ONNX. A multiple of the batch is divided only where that leaves no remainder for any batch. */
    Dim over(Dim divisor) {
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
    Dim modulo(Dim divisor) {
        return isNumber() && divisor.isNumber() && divisor.factor != 0
                ? of(Math.floorMod(factor, divisor.factor))
                : UNKNOWN;
    }

    /** 1, 0 or unknown. A batch has at least one row, so a smaller number differs from it. */
    Dim equalTo(Dim other) {
        if (!isKnown() || !other.isKnown()) {
            return UNKNOWN;
        }
        if (kind == other.kind) {
            return of(factor == other.factor ? 1 : 0);
        }
        Dim batch = isBatch() ? this : other;
        Dim number = isBatch() ? other : this;
        return batch.factor > 0 && number.factor < batch.factor ? of(0) : UNKNOWN;
    }

    /** 1, 0 or unknown. */
    Dim lessThan(Dim other) {
        if (isNumber() && other.isNumber()) {
            return of(factor < other.factor ? 1 : 0);
        }
        return isNumber() && other.isBatch() && factor < other.factor ? ONE : UNKNOWN;
    }
}
