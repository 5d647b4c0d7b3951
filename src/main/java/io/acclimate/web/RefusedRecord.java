package io.acclimate.web;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import java.time.Instant;
import java.util.Optional;

/**
 * A record that could not be processed, for the page to show.
 *
 * @param at when the record that was refused had been written
 * @param letter the place of the dead letter
 * @param input the place of the record that was refused
 * @param stage that refused it
 * @param reason the name of the reason, which scripts may match
 * @param message what was wrong with it
 * @param key the record's key, as text; empty if it has none
 * @param domain as the record's header says; empty if it says nothing
 * @param value the record's value, unless it was too large to be kept
 */
public record RefusedRecord(
        Instant at,
        Coordinates letter,
        Coordinates input,
        String stage,
        String reason,
        String message,
        String key,
        String domain,
        Optional<Bytes> value) {}
