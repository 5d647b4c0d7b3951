package io.acclimate.serve;

import io.acclimate.image.ImageLimits;
import io.acclimate.infer.SessionSettings;

/** What an image may cost to decode, and how ONNX Runtime runs the model on it. */
public record InferenceSettings(ImageLimits limits, SessionSettings session) {
    public static InferenceSettings defaults() {
        return new InferenceSettings(ImageLimits.defaults(), SessionSettings.defaults());
    }
}
