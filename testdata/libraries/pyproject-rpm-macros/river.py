def main():
    print("flows")
