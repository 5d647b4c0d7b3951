package io.acclimate.core;

import java.util.function.Function;

/** The result of work that an input may make impossible. An expected failure is a value; an exception is a bug. */
public sealed interface Outcome<T> {
    record Ok<T>(T value) implements Outcome<T> {}

    record Refused<T>(Refusal refusal) implements Outcome<T> {}

    static <T> Outcome<T> ok(T value) {
        return new Ok<>(value);
    }

    static <T> Outcome<T> refused(DeadLetterReason reason, String message) {
        return new Refused<>(new Refusal(reason, message));
    }

    default <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
        if (this instanceof Ok<T> ok) {
            return next.apply(ok.value());
        }
        return new Refused<>(((Refused<T>) this).refusal());
    }
}
