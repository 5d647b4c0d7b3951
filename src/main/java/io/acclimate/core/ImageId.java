package io.acclimate.core;

/** Identifies an image in {@code images}, predictions and labels. It is the record's key, or its coordinates if it has none. */
public record ImageId(String value) {
    public static final int MAX_LENGTH = 256;

    public ImageId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "an image id has 1 to " + MAX_LENGTH + " characters, got " + value.length());
        }
    }

    public static ImageId of(Coordinates coordinates) {
        return new ImageId(coordinates.toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
