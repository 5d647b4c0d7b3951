package io.acclimate.web;

import java.util.List;

/** What a viewer of a feed sees, for the tests of those who fill it. */
public record SeenFeed(LiveFeed feed) {
    /** Each point of the curve: milliseconds, accuracy of the active version, accuracy of the source model. */
    public List<List<Double>> accuracy() {
        return feed.snapshot().accuracy();
    }

    public long predictions() {
        return feed.snapshot().status().predictions();
    }

    public int cards() {
        return feed.snapshot().cards().size();
    }

    /** The dead letters as the page gets them, as text. */
    public String deadLetters() {
        return feed.deadLetters().view().toString();
    }
}
