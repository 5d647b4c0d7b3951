package io.acclimate.image;

import javax.imageio.stream.ImageInputStreamImpl;

/** An input for ImageIO that reads an array without a cache file and without a copy. */
final class ByteArrayImageInput extends ImageInputStreamImpl {
    private final byte[] file;

    ByteArrayImageInput(byte[] file) {
        this.file = file;
    }

    @Override
    public int read() {
        bitOffset = 0;
        return streamPos >= file.length ? -1 : file[(int) streamPos++] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        bitOffset = 0;
        if (streamPos >= file.length) {
            return length == 0 ? 0 : -1;
        }
        int count = (int) Math.min(length, file.length - streamPos);
        System.arraycopy(file, (int) streamPos, to, offset, count);
        streamPos += count;
        return count;
    }

    @Override
    public long length() {
        return file.length;
    }
}
