package io.acclimate.app.verbs;

import io.acclimate.wire.Topics;
import picocli.CommandLine;

/** The topics that {@code tail} can show. */
enum Feed {
    PREDICTIONS,
    EVENTS,
    DEAD_LETTERS;

    String topic(Topics topics) {
        return switch (this) {
            case PREDICTIONS -> topics.predictions();
            case EVENTS -> topics.adaptationEvents();
            case DEAD_LETTERS -> topics.deadLetters();
        };
    }

    static Feed parse(String text, CommandLine line) {
        return switch (text) {
            case "predictions" -> PREDICTIONS;
            case "events" -> EVENTS;
            case "dead-letters" -> DEAD_LETTERS;
            default ->
                throw new CommandLine.ParameterException(
                        line, "tail knows predictions, events and dead-letters, got '" + text + "'");
        };
    }
}
