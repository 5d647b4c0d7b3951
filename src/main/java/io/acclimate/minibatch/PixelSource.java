package io.acclimate.minibatch;

import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import java.util.Map;

/** Where the bytes of served images come from. Any thread. */
interface PixelSource extends AutoCloseable {
    /**
     * The bytes of each image that could be read within a bounded time; refused when they are gone for good. Of those that are not
     * in the answer nothing is known yet.
     *
     * @param images which id each must have
     */
    Map<Coordinates, Outcome<Payload>> read(Map<Coordinates, ImageId> images);

    @Override
    void close();
}
