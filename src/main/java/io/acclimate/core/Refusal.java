package io.acclimate.core;

/** Says that an input was not taken, by which rule, in words that name the input and its value. */
public record Refusal(DeadLetterReason reason, String message) {}
