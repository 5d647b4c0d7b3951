#!/usr/bin/env bash
# MOA 2024.07.0: two detectors of the class HDDM_W_Test in one JVM disturb each other.
#
# Guessed: a drift detector keeps its own statistics, as the other detectors of the package do, so that what one stream's detector answers
#          does not depend on whether another stream has one.
# Seen:    the weighted means of HDDM_W_Test (Frías-Blanco et al. 2015) are static fields. Misses rise from 0.2 to 0.6: alone it finds the
#          rise within 200 values in 100 streams of 100; beside the detector of a stream without misses in 28, and beside one with a rate of
#          0.8 it raises almost twice as many false alarms. Ten other detectors answer alike.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>nz.ac.waikato.cms.moa</groupId><artifactId>moa</artifactId><version>2024.07.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import java.util.List;
import java.util.Random;
import moa.classifiers.core.driftdetection.ChangeDetector;
public class Main {
    static final int STREAMS = 100;
    static final List<String> OTHERS = List.of("ADWINChangeDetector", "DDM", "EDDM", "RDDM", "HDDM_A_Test", "PageHinkleyDM", "CusumDM",
            "STEPD", "SEEDChangeDetector", "EWMAChartDM");
    static ChangeDetector detector(String name) throws Exception {
        var made = (ChangeDetector) Class.forName("moa.classifiers.core.driftdetection." + name).getDeclaredConstructor().newInstance();
        made.prepareForUse();
        return made;
    }
    /** Alarms before and after the middle; "neighbour" is the rate of misses of another stream with a detector, or none if negative. */
    static int[] alarms(String name, int stream, int values, double before, double after, double neighbour) throws Exception {
        ChangeDetector own = detector(name);
        ChangeDetector other = neighbour < 0 ? null : detector(name);
        Random random = new Random(stream);
        Random others = new Random(1000 + stream);
        int[] alarms = new int[2];
        for (int i = 0; i < values; i++) {
            int half = i < values / 2 ? 0 : 1;
            own.input(random.nextDouble() < (half == 0 ? before : after) ? 1 : 0);
            alarms[half] += own.getChange() ? 1 : 0;
            if (other != null) {
                other.input(others.nextDouble() < neighbour ? 1 : 0);
            }
        }
        return alarms;
    }
    static int found(String name, double neighbour) throws Exception {
        int found = 0;
        for (int stream = 0; stream < STREAMS; stream++) {
            found += alarms(name, stream, 400, 0.2, 0.6, neighbour)[1] > 0 ? 1 : 0;
        }
        return found;
    }
    static int falseAlarms(String name, double neighbour) throws Exception {
        int count = 0;
        for (int stream = 0; stream < STREAMS; stream++) {
            int[] alarms = alarms(name, stream, 3000, 0.2, 0.2, neighbour);
            count += alarms[0] + alarms[1];
        }
        return count;
    }
    public static void main(String[] a) throws Exception {
        String name = "HDDM_W_Test";
        System.out.println("rises found: alone " + found(name, -1) + ", beside one without misses " + found(name, 0));
        System.out.println("false alarms: alone " + falseAlarms(name, -1) + ", beside 0.8 " + falseAlarms(name, 0.8));
        for (String other : OTHERS) {
            boolean same = found(other, -1) == found(other, 0) && falseAlarms(other, -1) == falseAlarms(other, 0.8);
            System.out.println(other + (same ? " alike" : " differs"));
        }
    }
}
J
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'P'
rises found: alone 100, beside one without misses 28
false alarms: alone 16, beside 0.8 29
ADWINChangeDetector alike
DDM alike
EDDM alike
RDDM alike
HDDM_A_Test alike
PageHinkleyDM alike
CusumDM alike
STEPD alike
SEEDChangeDetector alike
EWMAChartDM alike
P
echo 'as seen: detectors share their means'
