#!/usr/bin/env bash
# DJL 0.36.0, PyTorch engine: an array of numpy that is big-endian is read as if it were little-endian, without an error.
#
# Guessed: NDList.decode of an .npz gives the values that numpy saved, in whatever order of bytes the header of the array says (">f4"), or
#          refuses it, as it does an array in Fortran's order, whose header it reads.
# Seen:    the header's ">" is passed over: 1, 2, 3 become numbers near zero, integers become millions. Arrays that come of files with
#          that order, such as FITS or IDX (the form of MNIST), are such: numpy keeps it when it saves them.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-engine</artifactId><version>0.36.0</version></dependency>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-jni</artifactId><version>2.7.1-0.36.0</version></dependency>
<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-native-cpu</artifactId><version>2.7.1</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
# What numpy.savez writes: a zip of .npy files, each a text header of 128 bytes in all and the values.
python3 - <<'X'
import struct, zipfile
with zipfile.ZipFile('arrays.npz', 'w') as out:
    for name, form in (('little', '<f4'), ('big', '>f4'), ('bigint', '>i4')):
        header = "{'descr': '%s', 'fortran_order': False, 'shape': (3,), }" % form
        values = struct.pack(form[0] + '3' + ('f' if form[1] == 'f' else 'i'), 1, 2, 3)
        out.writestr(name + '.npy', b'\x93NUMPY\x01\x00' + struct.pack('<H', 118) + header.ljust(117).encode() + b'\n' + values)
X
cat > Main.java <<'X'
import ai.djl.ndarray.*;
import java.nio.file.*;
import java.util.Arrays;
public class Main {
    public static void main(String[] a) throws Exception {
        try (NDManager manager = NDManager.newBaseManager(); var in = Files.newInputStream(Path.of("arrays.npz"))) {
            for (NDArray each : NDList.decode(manager, in)) {
                System.out.println(each.getName() + ", " + each.getDataType() + ": " + Arrays.toString(each.toArray()));
            }
        }
    }
}
X
DJL_CACHE_DIR="$work/cache" java -Dai.djl.offline=true -cp 'lib/*' Main.java | tee out
diff out - <<'X'
little, float32: [1.0, 2.0, 3.0]
big, float32: [4.6006E-41, 9.0E-44, 2.3049E-41]
bigint, int32: [16777216, 33554432, 50331648]
X
echo 'as seen: the order of bytes is passed over'
