package io.acclimate.core;

/** A refused input, with the rule that it breaks and a message that names the input and its value. */
public record Refusal(DeadLetterReason reason, String message) {}
