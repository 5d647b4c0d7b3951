package io.acclimate.app.labels;

/** A class as a file of labels names it. */
record ToolClass(String text, Kind kind) {
    /** What the text is. */
    enum Kind {
        /** The name of the class. */
        NAME,
        /** An id of the tool for which the file has no name. Such ids begin anywhere and have gaps, so that it is never an index. */
        ID,
        /** Digits in a CSV, which may be a name, an id of a tool or an index of the model. */
        DIGITS
    }

    static ToolClass named(String text) {
        return new ToolClass(text, Kind.NAME);
    }

    static ToolClass numbered(String text) {
        return new ToolClass(text, Kind.ID);
    }

    static ToolClass digits(String text) {
        return new ToolClass(text, Kind.DIGITS);
    }
}
