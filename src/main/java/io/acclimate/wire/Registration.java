package io.acclimate.wire;

/** A schema registry's answer to a schema. */
public sealed interface Registration {
    record Registered(int id) implements Registration {}

    /** It will not take the schema, or not from us: asking again would not help. */
    record Refused(String message) implements Registration {}

    /** It gave no answer, or none that settles the question: it is worth asking again. */
    record Away(String message) implements Registration {}
}
