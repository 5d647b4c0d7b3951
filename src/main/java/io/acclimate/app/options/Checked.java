package io.acclimate.app.options;

/** Options that become settings with rules of their own, which reading the options does not know, such as the range of a number. */
public interface Checked {
    /**
     * Makes the settings, only to see whether they can be made. Opens and reads nothing but files that an option names.
     *
     * @throws IllegalArgumentException if a value breaks a rule; the message gives the rule and the value
     */
    void check();
}
