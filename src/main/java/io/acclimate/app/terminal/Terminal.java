package io.acclimate.app.terminal;

/** Whether somebody watches: a progress bar is for terminals, plain lines are for logs. */
public final class Terminal {
    private Terminal() {}

    /** Since JDK 22 a console exists also where output is redirected, so what counts is that the variable TERM is set, too. */
    @SuppressWarnings("SystemConsoleNull")
    public static boolean present() {
        String term = System.getenv("TERM");
        return System.console() != null && term != null && !term.equals("dumb") && System.getenv("CI") == null;
    }
}
