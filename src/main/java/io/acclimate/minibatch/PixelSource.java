package io.acclimate.minibatch;

import io.acclimate.core.Coordinates;
import io.acclimate.core.ImageId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import java.util.Map;

/** Where the bytes of served images come from. Any thread. */
interface PixelSource extends AutoCloseable {
    /**
     * The bytes of each image that could be read within a bounded time. An image whose bytes are gone for good is refused. An image
     * that is missing from the answer can be asked for again.
     *
     * @param images the image id that each record must have
     */
    Map<Coordinates, Outcome<Payload>> read(Map<Coordinates, ImageId> images);

    /**
     * What {@link #read} answers, about images that others can stand in for. After a read of such images that was not answered in full, there is no
     * answer for a while and nothing is read, so that those who need what {@link #read} answers are not kept waiting.
     */
    Map<Coordinates, Outcome<Payload>> sample(Map<Coordinates, ImageId> images);

    @Override
    void close();
}
