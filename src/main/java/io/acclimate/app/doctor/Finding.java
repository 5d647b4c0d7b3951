package io.acclimate.app.doctor;

/**
 * One thing that the doctor looked at.
 *
 * @param level how bad it is
 * @param subject what was looked at, in one word
 * @param text what was found
 * @param remedy what to do about it; empty when nothing is to be done
 */
record Finding(Level level, String subject, String text, String remedy) {
    /** How bad a finding is. */
    enum Level {
        OK,
        WARN,
        FAIL
    }

    static Finding ok(String subject, String text) {
        return new Finding(Level.OK, subject, text, "");
    }

    static Finding warn(String subject, String text, String remedy) {
        return new Finding(Level.WARN, subject, text, remedy);
    }

    static Finding fail(String subject, String text, String remedy) {
        return new Finding(Level.FAIL, subject, text, remedy);
    }
}
