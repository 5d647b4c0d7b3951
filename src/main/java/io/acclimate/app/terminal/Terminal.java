package io.acclimate.app.terminal;

/** Tells whether a person watches: a progress bar is for terminals, plain lines are for logs. */
public final class Terminal {
    private Terminal() {}

    /** Since JDK 22 there is a console even when output is redirected, so the variable TERM must be set, too. */
    @SuppressWarnings("SystemConsoleNull")
    public static boolean present() {
        String term = System.getenv("TERM");
        return System.console() != null && term != null && !term.equals("dumb") && System.getenv("CI") == null;
    }
}
