"""Makes the fixtures beside it: what ImageIO cannot write. Needs Pillow."""

from PIL import Image

upright = Image.new("RGB", (16, 32), (255, 0, 0))
upright.paste((0, 0, 255), (0, 16, 16, 32))
exif = Image.Exif()
exif[0x0112] = 6  # turn clockwise to view
upright.transpose(Image.Transpose.ROTATE_90).save("exif6.jpg", exif=exif, quality=95)

halves = Image.new("RGB", (16, 8), (255, 0, 0))
halves.paste((0, 0, 255), (8, 0, 16, 8))
halves.convert("CMYK").save("cmyk.jpg", quality=95)
