package io.acclimate.adapt.rest;

/** What can give its memory back and take it again when it is used. One thread. */
public interface Resting {
    /** Gives the memory back. What is used again later must be as it was. */
    void rest();
}
