package io.acclimate.adapt.samples;

/** Where a domain keeps the pixels of its samples. One thread. */
public interface Shelf extends AutoCloseable {
    /** Keeps each sample as it is, on the heap. */
    Shelf HEAP = new Shelf() {
        @Override
        public Pixels store(Pixels pixels) {
            return pixels;
        }

        @Override
        public Pixels keep(Pixels pixels) {
            return pixels;
        }

        @Override
        public void drop(Pixels pixels) {}

        @Override
        public void holdBeside(int bytes) {}

        @Override
        public void close() {}
    };

    /** Takes a sample's pixels before a buffer has them. They are freed when the last buffer drops them, or by {@link #close}. */
    Pixels store(Pixels pixels);

    /** Takes a sample's pixels for one buffer of the domain, which drops them later. */
    Pixels keep(Pixels pixels);

    /** A buffer no longer has the sample of these pixels. */
    void drop(Pixels pixels);

    /** What the domain has on the heap besides pixels is so much from now on, which leaves less for pixels. */
    void holdBeside(int bytes);

    /** Frees all that is still here. */
    @Override
    void close();
}
