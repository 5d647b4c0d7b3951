#!/usr/bin/env bash
# Tribuo 4.3.2 and ONNX Runtime 1.29.0: an exported classifier takes its features in another order than the one they were given in.
#
# Guessed: a classifier that was trained on f0, f1, up to f11, in this order in each example, takes them in this order once it is exported.
# Seen:    its columns are in the order of the names as text: f0, f1, f10, f11, f2 and so on. A row as it was in training gets another class,
#          without an error; sorted by name it gets the probabilities that Tribuo gives. With up to ten features, or names of one
#          length, nothing is seen of it. The file says the order nowhere in plain text: its one entry of metadata is Tribuo's provenance.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.tribuo</groupId><artifactId>tribuo-classification-sgd</artifactId><version>4.3.2</version></dependency>
<dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.29.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
public class Main {
    static String shown(double... scores) {
        var out = new StringBuilder();
        for (double score : scores) {
            out.append(String.format(Locale.ROOT, " %.3f", score));
        }
        return out.toString();
    }
    static String answer(OrtSession session, String[] names, double[] values, Comparator<String> order) throws Exception {
        Integer[] columns = IntStream.range(0, names.length).boxed().toArray(Integer[]::new);
        if (order != null) {
            Arrays.sort(columns, Comparator.comparing(column -> names[column], order));
        }
        float[][] row = new float[1][names.length];
        for (int i = 0; i < names.length; i++) {
            row[0][i] = (float) values[columns[i]];
        }
        try (var tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), row); var out = session.run(Map.of("input", tensor))) {
            float[] scores = ((float[][]) out.get(0).getValue())[0];
            return shown(IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).toArray());
        }
    }
    static void compare(int features) throws Exception {
        var factory = new LabelFactory();
        var data = new MutableDataset<Label>(new SimpleDataSourceProvenance("made", factory), factory);
        String[] names = IntStream.range(0, features).mapToObj(i -> "f" + i).toArray(String[]::new);
        var random = new Random(1);
        for (int n = 0; n < 300; n++) {
            int of = random.nextInt(3);
            double[] values = IntStream.range(0, features).mapToDouble(i -> random.nextGaussian() + (i % 3 == of ? 1.5 : 0)).toArray();
            data.add(new ArrayExample<>(new Label("c" + of), names, values));
        }
        var model = (LinearSGDModel) new LogisticRegressionTrainer().train(data);
        model.saveONNXModel("f", 1, Path.of("model.onnx"));
        double[] values = IntStream.range(0, features).mapToDouble(i -> i % 3 == 2 ? 1.5 : 0).toArray();
        var scores = new TreeMap<>(model.predict(new ArrayExample<>(new Label("c0"), names, values)).getOutputScores());
        System.out.println(features + " features, Tribuo:" + shown(scores.values().stream().mapToDouble(Label::getScore).toArray()));
        try (var session = OrtEnvironment.getEnvironment().createSession("model.onnx")) {
            System.out.println(features + " features, as trained:" + answer(session, names, values, null));
            System.out.println(features + " features, by name:" + answer(session, names, values, Comparator.naturalOrder()));
            System.out.println("metadata " + session.getMetadata().getCustomMetadata().keySet());
        }
    }
    public static void main(String[] a) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        compare(10);
        compare(12);
    }
}
J
java -cp 'lib/*' Main.java 2>log | tee out
diff out - <<'P'
10 features, Tribuo: 0.000 0.000 1.000
10 features, as trained: 0.000 0.000 1.000
10 features, by name: 0.000 0.000 1.000
metadata [TRIBUO_PROVENANCE]
12 features, Tribuo: 0.000 0.000 1.000
12 features, as trained: 1.000 0.000 0.000
12 features, by name: 0.000 0.000 1.000
metadata [TRIBUO_PROVENANCE]
P
echo 'as seen: columns are in the order of the names as text'
